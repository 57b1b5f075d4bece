"""The fictional municipality, its districts and the bodies that report there. No real region or body is among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MUNICIPALITY = "澜川市"
MUNICIPALITY_CODE = "990000"

# own name, slug, one-character form for document numbers, district or county
_DISTRICTS = (
    ("青禾", "qinghe", "青", "区"), ("望舒", "wangshu", "望", "区"), ("砚池", "yanchi", "砚", "区"),
    ("汀兰", "tinglan", "汀", "区"), ("云岫", "yunxiu", "岫", "县"), ("鹿鸣", "luming", "鹿", "区"),
    ("听泉", "tingquan", "泉", "区"), ("星渚", "xingzhu", "渚", "区"), ("归雁", "guiyan", "雁", "县"),
    ("临澜", "linlan", "澜", "区"), ("照溪", "zhaoxi", "照", "区"), ("锦屿", "jinyu", "锦", "区"),
    ("岚桥", "lanqiao", "岚", "区"), ("荷汀", "heting", "荷", "区"), ("石笙", "shisheng", "笙", "县"),
    ("芦湾", "luwan", "芦", "区"), ("桐溪", "tongxi", "桐", "区"), ("素河", "suhe", "素", "区"),
    ("泊云", "boyun", "泊", "区"), ("松涧", "songjian", "涧", "县"),
    ("澄塘", "chengtang", "澄", "区"), ("杏堤", "xingdi", "杏", "区"), ("雪渡", "xuedu", "雪", "区"),
    ("竹浦岭", "zhupuling", "竹", "县"), ("流萤", "liuying", "萤", "区"), ("枫畔", "fengpan", "枫", "区"),
    ("苔石", "taishi", "苔", "区"), ("栖梧", "qiwu", "梧", "县"), ("晴川坞", "qingchuanwu", "晴", "区"),
    ("蓼洲", "liaozhou", "蓼", "区"), ("鹤渚", "hezhu", "鹤", "区"), ("霜林", "shuanglin", "霜", "县"),
    ("茶垄", "chalong", "茶", "区"), ("瑶圃", "yaopu", "瑶", "区"), ("菱歌", "lingge", "菱", "区"),
    ("松醪", "songlao", "醪", "县"), ("织霞", "zhixia", "织", "区"), ("墨池", "mochi", "墨", "区"),
    ("桑陌", "sangmo", "桑", "区"), ("雁塘", "yantang", "塘", "县"),
)  # fmt: skip
NAMED_DISTRICTS = len(_DISTRICTS)
# subdistricts: a first and a second character, so that no two districts share a name
_STREET_FIRST = (("筠", "yun"), ("漪", "yi"), ("蘅", "heng"), ("槿", "jin"), ("琅", "lang"),
                 ("霁", "ji"), ("樾", "yue"), ("澹", "dan"), ("璞", "pu"), ("芷", "zhi"))  # fmt: skip
_STREET_SECOND = (
    ("台", "tai"),
    ("桥", "qiao"),
    ("河", "he"),
    ("坞", "wu"),
    ("渡", "du"),
    ("巷", "xiang"),
    ("岭", "ling"),
    ("埠", "bu"),
)
# Districts beyond those named above, for worlds of many reports: a first and a second character.
_FURTHER_FIRST = (
    ("梓", "zi"), ("楠", "nan"), ("槐", "huai"), ("榆", "yu"), ("椿", "chun"), ("柳", "liu"), ("菊", "ju"),
    ("荻", "di"), ("芸", "yun"), ("茗", "ming"), ("蔚", "wei"), ("沁", "qin"), ("泠", "ling"), ("沅", "yuan"),
    ("涵", "han"), ("淇", "qi"), ("滢", "ying"), ("琴", "qin"), ("砾", "li"), ("穗", "sui"),
)  # fmt: skip
_FURTHER_SECOND = (
    ("浦", "pu"), ("滩", "tan"), ("陂", "bei"), ("潭", "tan"), ("陌", "mo"), ("垣", "yuan"), ("坡", "po"),
    ("阜", "fu"), ("峪", "yu"), ("坪", "ping"), ("岗", "gang"), ("墩", "dun"), ("圩", "wei"), ("堰", "yan"),
    ("漈", "ji"), ("峁", "mao"), ("矶", "ji"), ("坂", "ban"), ("汊", "cha"), ("崮", "gu"),
)  # fmt: skip
_FURTHER = len(_FURTHER_FIRST) * len(_FURTHER_SECOND)
_CODES_A_PREFIX = 90


# what proving reports speak of: a fixed number, so that more districts do not change them
PROVING_DISTRICTS = 20


@dataclass(frozen=True, slots=True)
class Body:
    """A kind of reporting body. name: with {q} for 区 or 县. field: what it looks after, for the general texts.

    topics: of texts/measures.yml or texts/sector.yml, in the order they are reported in. scale: size of its figures
    against those of the whole district.
    """

    slug: str
    department_type: str
    name: str
    me: str
    topics: tuple[str, ...]
    scale: float
    field: str = ""
    sign: str = ""


_COMMON = ("study", "leadership", "decision", "enforcement", "supervision", "publicity")
GOVERNMENT = Body(
    "zf", "government", "人民政府", "我{q}",
    ("study", "leadership", "functions", "rulemaking", "decision", "enforcement", "emergency", "disputes",
     "supervision", "digital", "publicity", "legal_services", "capacity"), 1.0, sign="政",
)  # fmt: skip
JUSTICE = Body(
    "sfj", "justice", "司法局", "我局",
    ("study", "leadership", "rulemaking", "disputes", "legal_services", "oversight", "publicity", "capacity"),
    0.8, sign="司",
)  # fmt: skip
STREET = Body(
    "jd", "subdistrict", "", "街道",
    ("study", "leadership", "decision", "street", "disputes", "hotline", "legal_services", "publicity"),
    0.06, sign="街",
)  # fmt: skip
_BUREAUS = (
    Body("scjgj", "market", "市场监督管理局", "我局",
         ("study", "leadership", "market", "decision", "enforcement", "hotline", "publicity"), 0.4, sign="市监"),
    Body("swj", "commerce", "商务局", "我局",
         ("study", "leadership", "commerce", "decision", "functions", "supervision", "publicity"), 0.2, sign="商"),
    Body("jyj", "education", "教育局", "我局",
         ("study", "leadership", "education", "decision", "supervision", "publicity"), 0.2, sign="教"),
    Body("wlj", "culture", "文化和旅游局", "我局",
         ("study", "leadership", "culture", "enforcement", "decision", "publicity"), 0.15, sign="文旅"),
)  # fmt: skip
_OFFICE = Body(
    "zfb", "general_office", "人民政府办公室", "我办",
    ("study", "office", "functions", "decision", "hotline", "capacity"), 0.7, sign="政办",
)  # fmt: skip
_FIELDS = (
    ("水务局", "water", "swuj", "水务"), ("住房和城乡建设局", "housing", "zjj", "住房建设"),
    ("交通运输局", "transport", "jtj", "交通运输"), ("生态环境局", "environment", "sthjj", "生态环境"),
    ("卫生健康委员会", "health", "wjw", "卫生健康"), ("民政局", "civil_affairs", "mzj", "民政"),
    ("人力资源和社会保障局", "labour", "rsj", "人力资源社会保障"), ("应急管理局", "emergency", "yjj", "应急管理"),
    ("农业农村局", "agriculture", "nyj", "农业农村"), ("财政局", "finance", "czj", "财政"),
    ("审计局", "audit", "sjj", "审计"), ("统计局", "statistics", "tjj", "统计"),
    ("城市管理局", "urban_management", "cgj", "城市管理"), ("规划和自然资源局", "planning", "zrzyj", "自然资源"),
    ("科学技术局", "science", "kjj", "科技"), ("体育局", "sports", "tyj", "体育"),
    ("退役军人事务局", "veterans", "tyjrj", "退役军人事务"), ("医疗保障局", "health_insurance", "ybj", "医疗保障"),
    ("绿化和市容管理局", "greening", "lhj", "绿化市容"), ("数据局", "data", "sjuj", "数据"),
    ("国有资产监督管理委员会", "state_assets", "gzw", "国有资产"), ("信访局", "petitions", "xfj", "信访"),
    ("档案局", "archives", "daj", "档案"), ("粮食和物资储备局", "grain", "lsj", "粮食物资"),
)  # fmt: skip


def _field_body(name: str, kind: str, slug: str, field: str) -> Body:
    me = "我委" if name.endswith("委员会") else "我局"
    return Body(slug, kind, name, me, ("study", "leadership", "field", *_COMMON[2:]), 0.12, field, field[:1])


FIELD_BODIES = tuple(_field_body(*entry) for entry in _FIELDS)


@dataclass(frozen=True, slots=True)
class District:
    """A fictional district: code 99xxxx, own name (青禾区), slug, host of its website."""

    index: int
    code: str
    name: str
    stem: str
    slug: str
    initial: str
    suffix: str

    @property
    def full_name(self) -> str:
        """With the municipality: 澜川市青禾区."""
        return MUNICIPALITY + self.name

    @property
    def host(self) -> str:
        """Where its website is, under the reserved top level domain."""
        return f"www.{self.slug}.gov.test"

    @property
    def new_host(self) -> str:
        """Where its website goes when it moves."""
        return f"{self.slug}.lanchuan.gov.test"


@dataclass(frozen=True, slots=True)
class Office:
    """A reporting body of a district: its names and what it is.

    name: full official name. short: with the district (青禾区司法局). local: as colleagues say it (区司法局).
    aliases: other names that mean this body wherever they are read. predecessors: issuer ids. valid_from, valid_to: first
    and last day, where it has one.
    """

    issuer_id: str
    district: District
    body: Body
    name: str
    short: str
    local: str
    aliases: tuple[str, ...]
    level: str
    index: int
    predecessors: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


def max_districts() -> int:
    """How many districts there are names for."""
    return NAMED_DISTRICTS + _FURTHER


def max_issuers() -> int:
    """How many issuers a district can have."""
    return 4 + len(_BUREAUS) + len(FIELD_BODIES)


def district(index: int) -> District:
    """The district number `index`, from 0."""
    if index >= NAMED_DISTRICTS:
        return _further_district(index, index - NAMED_DISTRICTS)
    stem, slug, initial, suffix = _DISTRICTS[index]
    code = f"99{'01' if suffix == '区' else '02'}{index + 1:02d}"
    return District(index, code, stem + suffix, stem, slug, initial, suffix)


def _further_district(index: int, number: int) -> District:
    stem, slug = _pair(number)
    # A few names sound alike, so the number goes into the address.
    code = f"99{3 + number // _CODES_A_PREFIX:02d}{number % _CODES_A_PREFIX + 1:02d}"
    return District(index, code, f"{stem}区", stem, f"{slug}{number}", stem[0], "区")


def _pair(number: int) -> tuple[str, str]:
    (first, slug), (second, slug_end) = _FURTHER_FIRST[number % 20], _FURTHER_SECOND[number // 20 % 20]
    return first + second, slug + slug_end


def bodies(where: District, count: int) -> Sequence[Body]:
    """The first `count` bodies of a district; which bureau comes third differs from district to district."""
    turned = [_BUREAUS[(where.index + n) % len(_BUREAUS)] for n in range(len(_BUREAUS))]
    return [GOVERNMENT, JUSTICE, turned[0], STREET, _OFFICE, STREET, *turned[1:], *FIELD_BODIES][:count]


def _street(number: int) -> tuple[str, str]:
    (first, slug), (second, slug_end) = _STREET_FIRST[number % 10], _STREET_SECOND[number // 10 % 8]
    if number < 2 * NAMED_DISTRICTS:
        return first + second, slug + slug_end
    stem, start = _pair(number // 3)
    second, slug_end = _STREET_SECOND[number % 3]
    return stem + second, start + slug_end


def office(where: District, body: Body, index: int) -> Office:
    """The body number `index` of a district."""
    suffix = where.suffix
    if body is STREET:
        stem, slug = _street(2 * where.index + (index > 3))
        return Office(
            issuer_id=f"lanchuan-{where.slug}-{slug}",
            district=where,
            body=body,
            name=f"{where.full_name}人民政府{stem}街道办事处",
            short=f"{where.name}{stem}街道办事处",
            local=f"{stem}街道",
            aliases=(
                f"{where.name}人民政府{stem}街道办事处",
                f"{where.name}{stem}街道办事处",
                f"{where.name}{stem}街道",
                f"{stem}街道办事处",
                f"{stem}街道",
            ),
            level="township",
            index=index,
        )
    short = where.name + body.name
    aliases = (short, f"{where.name}政府") if body is GOVERNMENT else (short,)
    local = {"人民政府": f"{suffix}政府", "人民政府办公室": f"{suffix}府办"}.get(
        body.name, suffix + body.name
    )
    return Office(
        issuer_id=f"lanchuan-{where.slug}-{body.slug}",
        district=where,
        body=body,
        name=where.full_name + body.name,
        short=short,
        local=local,
        aliases=aliases,
        level="county",
        index=index,
    )


def offices_of(where: District, count: int) -> list[Office]:
    """The first `count` bodies of a district."""
    return [office(where, body, index) for index, body in enumerate(bodies(where, count))]
