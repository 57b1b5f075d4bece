"""The words of generated reports: what benchmarks/warehouse_rows.py puts together into sentences, headings and names."""

from __future__ import annotations

# Department type and name of the bodies of a county that publish.
BODIES = (
    ("government", "人民政府"), ("general_office", "人民政府办公室"), ("justice", "司法局"), ("education", "教育局"),
    ("public_security", "公安局"), ("civil_affairs", "民政局"), ("finance", "财政局"), ("human_resources", "人力资源和社会保障局"),
    ("natural_resources", "自然资源局"), ("environment", "生态环境局"), ("housing", "住房和城乡建设局"),
    ("transport", "交通运输局"), ("water", "水务局"), ("agriculture", "农业农村局"), ("commerce", "商务局"),
    ("culture", "文化和旅游局"), ("health", "卫生健康局"), ("veterans", "退役军人事务局"), ("emergency", "应急管理局"),
    ("audit", "审计局"), ("market", "市场监督管理局"), ("statistics", "统计局"), ("medical_insurance", "医疗保障局"),
    ("urban_management", "城市管理局"), ("petitions", "信访局"), ("administrative_service", "行政审批局"),
    ("development", "发展和改革局"), ("forestry", "林业局"), ("sports", "体育局"), ("data", "数据局"),
)  # fmt: skip

OPENERS = (
    "围绕年度重点任务安排", "按照上级统一部署要求", "坚持问题导向和目标导向", "着眼群众急难愁盼问题", "结合辖区工作实际情况",
    "聚焦营商环境持续优化", "紧盯重点领域关键环节", "依托综合服务平台建设", "会同有关部门协同推进", "在全面摸清底数的基础上",
    "针对年初梳理的薄弱环节", "通过线上线下同步受理", "以专项行动为主要抓手", "对照责任清单逐项落实", "充分发挥职能部门作用",
    "在日常巡查和抽查之中",
)  # fmt: skip

OBJECTS = (
    "受理群众来信来访事项", "组织开展现场检查", "完成规范性文件合法性审核", "办理涉企服务事项", "开展以案释法活动",
    "调处各类矛盾纠纷", "举办业务骨干专题培训", "公开政府信息条目", "办结群众投诉举报线索", "审查重大合同文本",
    "抽查执法案卷", "发放普法宣传资料", "组织旁听庭审", "接待来电来访咨询", "清理不合时宜的文件", "开展联合执法行动",
)  # fmt: skip

MIDDLES = (
    "各项指标均达到年初确定的目标", "办理时限较承诺时间进一步缩短", "相关情况已向社会主动公开", "工作机制在实践之中逐步完善",
    "一批长期积累的问题得到解决", "服务对象的满意程度稳步提高", "重点事项全部纳入台账管理", "整改情况由专人负责跟踪核实",
    "基层单位的负担得到切实减轻", "有关经验在全域范围推广使用", "数据共享的范围继续扩大", "责任分工细化到岗位和个人",
    "配套制度随之修订和公布", "复查结果同步反馈给申请人", "薄弱环节得到有针对性的补强", "办事流程由繁到简重新梳理",
)  # fmt: skip

CLOSERS = (
    "为下一阶段工作打下较好的基础", "推动依法办事成为日常习惯", "形成上下联动左右协同的格局", "让企业和群众办事更加便利",
    "有效防范了类似问题再次发生", "法治意识在基层进一步增强", "实现了服务质量和效率双提升", "确保各项任务按期完成",
    "切实维护了当事人合法权益", "为区域发展营造了良好环境", "得到参与各方的普遍认可", "使监督的触角延伸到末端",
)  # fmt: skip

# Level, kind, subkind and heading of the sections of a report; a second level hangs below the first one before it.
SECTIONS = (
    (1, "preamble", "", ""), (1, "overview", "", "总体情况"), (1, "measures", "", "主要举措和成效"),
    (2, "measures", "leadership", "强化组织领导,压实工作责任"), (2, "measures", "functions", "转变政府职能,优化服务供给"),
    (2, "measures", "rulemaking", "健全制度体系,规范文件管理"), (2, "measures", "decision", "严格决策程序,提高决策质量"),
    (2, "measures", "enforcement", "规范执法行为,提升执法水平"), (2, "measures", "emergency", "完善应急预案,提高处置能力"),
    (2, "measures", "disputes", "化解矛盾纠纷,维护和谐稳定"), (2, "measures", "supervision", "接受各方监督,规范权力运行"),
    (2, "measures", "digital", "推进数字建设,提升治理效能"), (2, "measures", "publicity", "开展普法宣传,营造法治氛围"),
    (2, "measures", "capacity", "加强队伍建设,提高履职能力"), (2, "measures", "sector", "突出行业特点,抓好专项工作"),
    (1, "responsibility", "", "主要负责人履行第一责任人职责的情况"), (2, "responsibility", "", "带头学法用法"),
    (2, "responsibility", "", "定期研究部署"), (1, "problems", "", "存在的问题和不足"), (2, "problems", "", "能力方面"),
    (2, "problems", "", "机制方面"), (1, "plan", "", "下一步工作安排"), (2, "plan", "", "完善制度"),
    (2, "plan", "", "加强监督"), (2, "plan", "", "抓好队伍"),
)  # fmt: skip

INSTRUMENTS = (
    ("law", "行政处罚法"), ("law", "行政复议法"), ("law", "行政许可法"), ("law", "行政诉讼法"), ("law", "民法典"), ("law", "宪法"),
    ("law", "安全生产法"), ("law", "反有组织犯罪法"), ("regulation", "优化营商环境条例"), ("regulation", "信访工作条例"),
    ("regulation", "政府信息公开条例"), ("regulation", "重大行政决策程序暂行条例"), ("party_rule", "法治政府建设与责任落实督察工作规定"),
    ("party_rule", "党政主要负责人履行推进法治建设第一责任人职责规定"), ("policy_doc", "法治政府建设实施纲要(2021-2025年)"),
    ("policy_doc", "法治政府建设实施纲要(2015-2020年)"), ("policy_doc", "法治中国建设规划(2020-2025年)"),
    ("policy_doc", "法治社会建设实施纲要(2020-2025年)"), ("policy_doc", "提升行政执法质量三年行动计划(2023-2025年)"),
)  # fmt: skip
LOCAL_INSTRUMENTS = (
    "年度法治政府建设工作要点",
    "行政规范性文件管理办法",
    "行政执法监督实施办法",
    "法律顾问工作规则",
)

SHORTCOMINGS = ("执法人员的业务能力", "案卷制作的规范程度", "普法宣传的针对性", "部门之间的协作机制", "基层法治力量的配备",
    "重大决策的论证深度", "数字化手段的运用", "合法性审核的质量", "督察结果的运用", "主动公开的及时程度")  # fmt: skip
LACKS = (
    "与新的形势要求相比还有差距",
    "仍需进一步加强",
    "还不够平衡",
    "有待继续提高",
    "存在薄弱环节",
    "尚未形成长效机制",
)
COMMITMENTS = ("组织开展执法人员轮训", "完善案卷评查和通报制度", "制定分类普法清单", "建立部门联席会议制度", "为基层配备法律专业人员",
    "扩大公众参与决策的范围", "建成统一的执法监督平台", "实行合法性审核全覆盖", "把督察结果纳入考核", "缩短信息公开的时限")  # fmt: skip
ADVERBS = ("下一年度将", "我们将继续", "上半年之前", "按照时间节点", "会同相关部门", "以更大力度")
