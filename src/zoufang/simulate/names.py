"""Names, addresses and telephone numbers that sound right and belong to nobody."""

from __future__ import annotations

from random import Random


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text that stands on a few lines rather than one word a line."""
    return tuple(text.split())


PHONE_BLOCK = "199000"
"""Every telephone number made here begins so; a block in which no made-up number meets a real person by design."""

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志新海燕春梅永健秋生晓"
    "东雪莲文博子涵思远雨桐浩然欣怡宇轩俊熙佳琪梓晨嘉豪若曦庆贺宝山连成凤云长青树林广"
    "福瑞祥"
)

_COMMUNITIES = words(
    "青禾 柳溪 银杏 望湖 桃园 槐荫 枫林 泉上 云溪 锦桥 竹苑 康乐 "
    "和顺 南圩 北塘 东篱 西堤 松涛 荷风 梨园 福临 祥瑞 清波 长坂"
)
_ROADS = words("青禾路 柳溪街 银杏大道 望湖路 春晖路 学林街 兴业路 康乐路 和顺街 迎宾路 南圩路 北塘街 东篱巷 西堤路")
_ESTATES = words("花园 家园 雅居 新村 名邸 公寓 东区 西区 小区 南苑")
_SHOP_WORDS = words(
    "好又来 福满 顺达 客来旺 百姓 惠民 鑫源 美佳 一品 老街 家和 万家 诚信 新时代 小四 阿强 大众 旺角 鸿运 四季"
)
_FIRM_WORDS = words(
    "恒岳 东禾 瑞泽 华溪 天阔 金岭 正邦 启元 盛拓 海沃 中垣 立达 远屹 宏图 信合 博川 安固 德昌 联创 永固"
)
_FIRM_TRADES = words("机械 安全装备 精密制造 新材料 电气 纺织 包装 物流 环保科技 防护用品 消防器材 食品 汽车配件")
_BUILDERS = words("建筑工程 市政工程 建筑安装 装饰工程 路桥工程")
_SITES = words("安置房二期 标准厂房 学校综合楼 商业广场 污水泵站 道路改造 人才公寓 社区卫生中心 农贸市场改造 住宅三期")

SHOP_TRADES: tuple[tuple[str, str, int], ...] = (
    ("餐饮", "饭店", 26),
    ("食品", "超市", 22),
    ("药店", "大药房", 7),
    ("五金", "五金店", 11),
    ("服装", "服装店", 13),
    ("理发", "理发店", 9),
    ("汽修", "汽修厂", 6),
    ("文具", "文具店", 6),
)
"""A shop's trade, what such a shop is called, and how common it is."""


def community_name(n: int) -> str:
    """Return the name of the n-th community, n from 0."""
    word = _COMMUNITIES[n % len(_COMMUNITIES)]
    return f"{word}{'' if n < len(_COMMUNITIES) else n // len(_COMMUNITIES) + 1}社区"


def person_name(rng: Random) -> str:
    """Return a full name."""
    given = rng.choice(_GIVEN) + (rng.choice(_GIVEN) if rng.random() < 0.72 else "")
    return rng.choice(_SURNAMES) + given


def phone(rng: Random) -> str:
    """Return a telephone number of the fictional block."""
    return f"{PHONE_BLOCK}{rng.randrange(100_000):05d}"


def home_address(rng: Random, community: str, grid: int) -> str:
    """Return the address of a household in a community's grid."""
    estate = community.removesuffix("社区") + _ESTATES[grid % len(_ESTATES)]
    return f"{estate}{rng.randint(1, 24)}号楼{rng.randint(1, 4)}单元{rng.randint(1, 11)}0{rng.randint(1, 4)}"


def street_address(rng: Random) -> str:
    """Return an address on a street, for shops and firms."""
    return f"{rng.choice(_ROADS)}{rng.randint(1, 288)}号"


def shop(rng: Random) -> tuple[str, str]:
    """Return the name of a shop and its trade."""
    trade, word, _ = rng.choices(SHOP_TRADES, weights=[weight for *_, weight in SHOP_TRADES])[0]
    return rng.choice(_SHOP_WORDS) + rng.choice(("", "来", "记", "轩", "阁")) + word, trade


def firm_name(rng: Random) -> str:
    """Return the name of an enterprise."""
    return f"{rng.choice(_FIRM_WORDS)}{rng.choice(_FIRM_WORDS)}{rng.choice(_FIRM_TRADES)}有限公司"


def builder_name(rng: Random) -> str:
    """Return the name of a building firm."""
    return f"{rng.choice(_FIRM_WORDS)}{rng.choice(_FIRM_WORDS)}{rng.choice(_BUILDERS)}有限公司"


def site_name(rng: Random) -> str:
    """Return the name of a building site."""
    return f"{rng.choice(_FIRM_WORDS)}{rng.choice(_SITES)}工地"
