"""Keys, signatures and bundles that cannot be used."""

from __future__ import annotations

from typing import ClassVar

from attrs import define

from zoufang.errors.base import BadInputError


@define(eq=False)
class PassphraseError(BadInputError):
    """A signing key that its passphrase does not open."""

    file: str
    zh: ClassVar[str] = "口令打不开签名密钥 {file}；请核对口令（环境变量 ZOUFANG_KEY_PASSPHRASE，或按提示输入）"
    en: ClassVar[str] = (
        "the passphrase does not open signing key {file}; check it (variable ZOUFANG_KEY_PASSPHRASE, or the prompt)"
    )


@define(eq=False)
class BundleError(BadInputError):
    """A file that is no bundle: it cannot be read at all."""

    file: str
    problem_zh: str
    problem_en: str
    zh: ClassVar[str] = "{file} 不是可以核对的证明包（{problem_zh}）；请索取 zoufang proof 写出的原文件"
    en: ClassVar[str] = (
        "{file} is no bundle that can be checked ({problem_en}); ask for the file that zoufang proof wrote"
    )


@define(eq=False)
class NotInChainError(BadInputError):
    """A checkpoint or bundle asked for at a commit that a ledger does not hold unchanged."""

    seq: int
    zh: ClassVar[str] = "台账在第 {seq} 号提交处不能作证：提交不存在，或已不是当时的内容；请先运行 zoufang verify"
    en: ClassVar[str] = (
        "the ledger cannot be shown as of commit {seq}: it is not there, or not as it was; run zoufang verify first"
    )
