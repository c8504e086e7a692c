"""Private data that cannot be opened, and keys that cannot be used. No sentence holds a key or a private word."""

from __future__ import annotations

from typing import ClassVar

from attrs import define

from zoufang.errors.base import BadInputError
from zoufang.errors.ledgers import LedgerError
from zoufang.typing import Text


@define(eq=False)
class LockedError(LedgerError, BadInputError):
    """A ledger whose private texts are encrypted, and that is not opened with its master key."""

    url: str
    problem: str | Text
    zh: ClassVar[str] = "台账 {url} 的个人文字已加密，{problem}；没有写入任何内容"
    en: ClassVar[str] = "the private texts in ledger {url} are encrypted, and {problem}; nothing was written"


@define(eq=False)
class SealedTextError(LedgerError):
    """An encrypted private text or key that the master key does not open: it was altered, or belongs elsewhere."""

    url: str
    kind: str | Text
    id: str
    zh: ClassVar[str] = "台账 {url} 中 {id} 的{kind}无法解密（被改动或不属于此处）；请核对台账，或从备份恢复"
    en: ClassVar[str] = (
        "the {kind} of {id} in ledger {url} cannot be opened: it was altered or does not belong there; "
        "verify the ledger, or restore a backup"
    )


@define(eq=False)
class BadKeyError(BadInputError):
    """A master key that is none."""

    source: str
    problem: str | Text
    zh: ClassVar[str] = "{source} 中的主密钥不能使用：{problem}；可用 zoufang masterkey new 新建密钥文件"
    en: ClassVar[str] = "the master key in {source} cannot be used: {problem}; zoufang masterkey new makes a key file"


@define(eq=False)
class NotEncryptedError(BadInputError):
    """A ledger that was begun without a master key."""

    url: str
    zh: ClassVar[str] = "台账 {url} 建立时没有主密钥，个人文字未加密，没有密钥可以更换"
    en: ClassVar[str] = "ledger {url} was begun without a master key: nothing in it is encrypted, and no key to change"


@define(eq=False)
class ErasedError(LedgerError, BadInputError):
    """A private text of somebody who has just been erased; the same call, made again, records without it."""

    id: str
    zh: ClassVar[str] = "{id} 的个人信息刚刚被删除；未写入任何内容，请重新提交"
    en: ClassVar[str] = "the private data of {id} has just been erased; nothing was written, send it again"


@define(eq=False)
class NothingToEraseError(BadInputError):
    """An id under which no private text stands, nor ever stood."""

    id: str
    zh: ClassVar[str] = "{id} 名下没有个人信息；请给走访对象、诉求、人员或普遍问题的编号"
    en: ClassVar[str] = "there is no private data of {id}; name a target, a ticket, a member of staff or a problem"
