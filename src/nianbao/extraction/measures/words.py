"""Words around a number that decide what it counts: verbs that name no thing, verbs that do, rates, bodies, families of units.

Data, not logic: a verb that the genre uses is a new word here.
"""

from __future__ import annotations


def _alternatives(text: str) -> str:
    """The words as a regex alternation, longest first."""
    return "|".join(sorted(text.split(), key=lambda word: (-len(word), word)))


# Verbs that only bring about what is counted: 召开会议12次 counts 会议.
LIGHT_VERBS = _alternatives(
    """
    开展 召开 举办 举行 组织 承办 主办 办理 收悉 接到 作出 做出 下达 下发 发出 印发 印制 编印 制定 制订
    拟定 拟订 出台 起草 编制 编写 制作 拍摄 形成 建立 建成 设立 成立 组建 搭建 创建 打造 培育 培养 选树 聘请 聘任 聘用 选聘
    外聘 配备 配置 拥有 现有 共有 设有 实有 建有 具有 承接 承担 完成 实现 达成 进行 实施 推进 推动 推行 处置 处理 梳理 罗列
    申报 争取 安排 投入 确定 匹配 招录 招聘 评选 评定 颁发 核发 发展 做好 抓好 落实 提供 存在 保持 予以 给予 累计完成
    办好 确保 力求 牵头开展 招募 组成 挂牌 命名 牵头 荣获 发生 列入 选定 设置 设定 安装 列管 划定 明确 提出 出具 主持召开 主持
    """
)
# Light verbs that no name of a thing holds: whatever stands before them in a clause is not what is counted.
MAIN_VERBS = "开展|召开|举办|举行|出台|印发|作出|组建|建成|聘请|配备|设立|建立"
# Verbs that go only before a noun that says enough by itself.
HALF_LIGHT_VERBS = _alternatives("发布 推出 编发 刊发 认定 评为 公布 获得 受理 接收 收到 发放")
# Verbs that say what was done with the thing counted: 办结信访件 is not 信访件.
KEPT_VERBS = _alternatives(
    """
    参与 参加 审查 审核 审议 审结 审理 审批 办结 办复 结案 立案 拆除 收回 归集 新收 新增 新设 新建 新办 派发 派送 转办 交办 督办
    研究 讨论 学习 修订 修改 废止 失效 宣布失效 拟修改 拟废止 继续有效 决定继续有效 不予处罚 签订 签署 撰写 制发 结转 结转下年 代理应诉 按期答复 按时答复 按期办结 按时办结 新登记 督察 督导 派单 转派 接受 终止 判决 不予受理 主动公开 免予处罚 从轻处罚 减轻处罚 取消 保留 调整 精简 清理 压减 减少 惠及 服务 覆盖 归档 归 培训 轮训
    出动 检查 抽查 抽检 抽取 巡查 督查 督促 整改 发现 纠正 查处 查办 查获 查封 罚没 处罚 入选 调解 化解 调处 排查 评查 评估 走访 接待
    接访 接听 解答 回复 答复 回应 解决 报送 上报 报备 备案 移送 公开 发布 上线 推送 推出 追回 挽回 避免 兑现 减免 退还 退回 清退
    提交 采纳 征求 征集 收集 汇总 列席 旁听 观看 收看 邀请 讲授 讲解 宣讲 宣传 张贴 播放 代理 撤销 维持 驳回
    变更 确认 和解 撤回 受教育 教育 帮助 帮扶 援助 指导 考核 测试 通过 达标 持有 持证 认定 评为 完善 优化 整合 健全 改造 修复 验收
    拨付 下拨 发现 劝阻 约谈 责令 暂扣 扣押 销毁 收缴 注销 吊销 登记 核查 核实 受训 追讨 追偿 代写 代办 摸排 巡检 慰问 帮教 安置 制止 清运 清除 疏导 劝离 没收 查扣 救助 资助 换发 补发 核减
    核定 评审 遴选 录用 输送 对接 问责 追责 转发 投放 悬挂 更新 升级 建档 录入 采集 开通 延伸 新制定 新出台 新修订 新成立 新聘 新招
    调解成功 化解成功 成功化解 成功调解 诉前调解 公示 抽样检测 论证 会审 会商 会办 协办 分办 签收 下沉 下放
    赋权 承诺 压缩 缩短 增设 增加 公示 听取 回访 派驻 入驻 聘 调查 监测 整治 治理 取缔 关停 移交 转送 流转 涉及 兑付 免除 推选
    推荐 树立 曝光 通报 表彰 奖励 查询 咨询 打击 破获 抓获 召回 下架 抽样 化验 检测 检验 送达 执行 结清 追缴 缴纳 挂牌督办 启动
    """
)
# Nouns that a verb above may begin: the verb is then part of a name and stays.
COMPOUND = (
    r"工作|情况|总?[数量率]|时间|时限|期限|时长|点|室|站|所|窗口|机构|环节|流程|件数|次数|领导|生活|部门|平台|系统|中心|"
    r"人员|人数|员|单位|主体|项目|成功|成本|经费|费|组织|制度|机制|周期|程序|意见|标准|渠道|类|结果|栏|屏|册|表"
)
# What puts a verb's object or circumstances before it.
PREPOSITIONS = "针对|围绕|对|向|为|给|在|于|与|就|从|以|将|把|由|经|用"
MEANS = "通过|依托|借助|利用|运用|采取|采用|结合|联合|会同|联动|配合|协同|协调|协助|按照|根据|依据|深入|面向|聚焦|立足"
CAUSATIVES = "组织|邀请|带领|指导|督促|推动|协调|引导|安排|动员|发动|选派|委派|支持|帮助|协助"
CAUSED = "参加|参与|旁听|观看|收看|开展|列席|进行|签订|赴|到|学习|接受|完成|撰写|走访|修订|制定|建立|健全|化解|调解|排查|处理|办理|解决|整改|审查|检查|巡查"
# Bodies whose name before a verb says who acts, not what is counted.
BODY_ENDS = (
    "人民政府|政府|街道办事处|办事处|街道|镇|乡|委员会|委办局|局|委|办公室|办|法院|检察院|院|中心|站|支队|大队|中队|执法队|队|部门|单位|"
    "机关|党组|党委|党工委|支部|领导班子|班子|领导小组|专班|机构|公司|协会|园区|社区|系统|组织|书记|局长|主任|区长|县长|镇长|公众号|平台|网站|各村|村居|区|县|市|科室|科|所"
)
STAFF = r"(?:干部职工|领导干部|执法人员|工作人员|党员干部|公务员|干部|职工|人员|党员)$"

# Rates, scores and attributes that say nothing without the thing they are of.
RATE_CORE = (
    r"办结|办复|答复|回复|反馈|满意|好评|完成|整改|合格|通过|解决|成功|化解|签收|覆盖|网办|参与|结案|调解|和解|纠错|采纳|响应|处置|"
    r"参训|参考|优秀|优良|出庭|胜诉|败诉|达标|回访|办理|受理|报备|备案|及时|规范|公开|配备|见面|面商|知晓|差错|投诉|核查|检出|履行|履约|"
    r"落实|上岗|持证|执行|审结|撤销|维持|立案|查处|整治|销号|按时|按期|达到|应诉|签约|上线|入库|归集|公示|准确|处理|处置|调撤|息诉|使用|利用|转化|到位|联系|接通|接听|吻合"
)
BARE_RATE = (
    rf"(?:(?:总体|综合|平均|一次性?|按时|按期|及时|限时|限期|当场|办理|有效|实际|事项|问题|回访|合计|群众|企业|评议|公众)*"
    rf"(?:{RATE_CORE})+(?:[率度](?:[和与及、](?:{RATE_CORE})+[率度])?)|(?:精简|压缩|压减|缩减)(?:比例|比重|幅度))"
)
BARE_ATTRIBUTE = r"(?:涉及|涉案|总|合计|用地|占地|总用地|总占地|建筑|拆除|涉及资金|资金)*(?:金额|面积|标的额?|案值|货值|资金|总额|总值|总价|价值|阅读量|观看量|参与量|下载量|访问量|浏览量|点击量|播放量|转发量|总数)"
# Who took part in an event; says nothing without the event.
ATTEND = (
    r"(?:线上|线下|现场|直播|网络|网上|累计)*(?:参与|参加|观看|收看|参训|点击|浏览|覆盖|吸引|受益|惠及|收听|旁听|受众|受教育|听众|观众)"
    r"(?:活动|直播|学习|培训|讲座|听众|观众|会议|群众|学生|人员|干部|师生|居民|村民|市民|职工|企业|党员|人数)*"
)
# Verbs that are complete without an object: 立案64件 is not about the things named before.
STANDALONE = frozenset(
    [
        "立案",
        "结案",
        "巡查",
        "走访",
        "检查",
        "处罚",
        "罚没",
        "罚款",
        "立案处罚",
        "不予处罚",
        "免予处罚",
        "监督检查",
        "学习",
        "服务",
        "培训",
        "宣传",
        "覆盖",
        "惠及",
    ]
)
# What a bare verb is called when it counts money.
MONEY_NAMES = {"罚没": "罚没款", "罚款": "罚款", "处罚": "罚款"}

# Units by what they count; an object goes over to a bare verb only within a family.
FAMILIES = {
    "thing": "件 起 宗 项 条 个 份 处 例 批 批次 篇 部 册 类 笔 张 宗次 件次 项次 封 卷 种",
    "event": "次 场 期 轮 场次 班次 期次 节 课时 学时 堂",
    "person": "人 名 位 人次 名次 人份",
    "body": "家 户 所 家次 户次",
}
FAMILY = {unit: family for family, units in FAMILIES.items() for unit in units.split()}
# Verbs that, left alone with a number, are called by their volume: 受理2024件 → 受理量.
VOLUMES = frozenset({"受理", "办理", "接收", "收到"})
