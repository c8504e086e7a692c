"""The command line: arguments, progress and printing, nothing else."""

from __future__ import annotations

import click

from zoufang.cli.answers import similar, unanswered, watch
from zoufang.cli.check import verify
from zoufang.cli.contacts import contacts, find, words
from zoufang.cli.demo import demo
from zoufang.cli.erasing import erase, erasures, readmit
from zoufang.cli.keys import checkpoint, keys
from zoufang.cli.listing import plugins
from zoufang.cli.lists import estimates, ladder, problems
from zoufang.cli.masterkey import masterkey
from zoufang.cli.migrate import migrate
from zoufang.cli.plan import plan
from zoufang.cli.planning import handover, workplan
from zoufang.cli.proving import proof, verify_proof
from zoufang.cli.settling import conflicts, settle
from zoufang.cli.shell import Shell
from zoufang.cli.why import why
from zoufang.cli.working import dispatch, init, run


@click.group(cls=Shell, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="zoufang", prog_name="zoufang")
def main() -> None:
    """走访：从方案到总结，管好一个街道的大走访 / run a street's door-to-door campaign from plan to proof.

    \b
    先看一遍    zoufang demo --out demo-out
    自己的街道  zoufang init DIR --plan huangtun-2023
                把名册、走访记录等放进 DIR/inbox，然后 zoufang run DIR
    核对台账    zoufang verify DIR，与外面留的检查点比对 --checkpoint
    升级台账    zoufang migrate DIR，装了新版本以后（先备份）
    出具证明    zoufang proof DIR 诉求编号 --out 证明.zip，签名密钥 zoufang keys new FILE
    问个究竟    zoufang why DIR 诉求编号
    裁定冲突    zoufang conflicts DIR，zoufang settle DIR 冲突编号 keep|replace|both
    督办名单    zoufang ladder DIR，普遍问题 zoufang problems DIR，回访推断 zoufang estimates DIR
    """  # noqa: D301 - the backspace is click's mark for lines that are kept as they stand


for command in (
    demo, init, run, dispatch, workplan, handover, plan, plugins, verify, migrate, unanswered, watch, problems, ladder,
    estimates, similar, contacts, words, find, erase, readmit, erasures, why, keys, masterkey, checkpoint, proof,
    verify_proof, conflicts, settle,
):  # fmt: skip
    main.add_command(command)

__all__ = ["main"]
