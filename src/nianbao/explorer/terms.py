"""Words for values of closed lists, in Chinese (the message ids of the catalogue). A value without a word is shown as it is."""

from __future__ import annotations

from typing import Final

from nianbao.explorer.language import marked as _

TERMS: Final[dict[str, dict[str, str]]] = {
    "coverage": {
        "published": _("已发布"),
        "withdrawn": _("已撤下"),
        "unreadable": _("无法读取"),
        "not_due": _("未到期"),
        "due": _("今日到期"),
        "late": _("逾期"),
        "missing": _("缺失"),
        "unexplored": _("未查"),
    },
    "timeliness": {"on_time": _("按时"), "late": _("逾期"), "unknown": _("日期不明")},
    "comparability": {"comparable": _("可比"), "not_comparable": _("不可比")},
    "reason": {
        "scope": _("口径范围不同"),
        "target": _("上年仅为计划数"),
        "issuer_reorganised": _("机构已调整"),
        "prior_missing": _("上年未报告"),
        "several_values": _("报告内有多个数值"),
        "unit": _("单位不同"),
        "definition": _("指标定义变化"),
        "partial_period": _("统计期间不同"),
        "approximate": _("数值为约数"),
    },
    "cause": {
        "real": _("实际变化"),
        "restated": _("后来修正"),
        "definition": _("定义变化"),
        "coverage": _("范围变化"),
    },
    "verdict": {
        "confirmed": _("相符"),
        "contradicted": _("不符"),
        "uncheckable": _("无法核对"),
        "found": _("有后续"),
        "nothing_found": _("未见后续"),
        "no_later_report": _("尚无后续报告"),
        "pass": _("通过"),
        "fail": _("未通过"),
        "no_data": _("无数据"),
        "not_due": _("未到期"),
    },
    "severity": {"critical": _("严重"), "warning": _("警告"), "info": _("提示")},
    "section": {
        "preamble": _("引言"),
        "overview": _("概述"),
        "measures": _("举措与成效"),
        "problems": _("问题与原因"),
        "responsibility": _("第一责任人履职"),
        "plan": _("下一步安排"),
        "other": _("其他"),
    },
    "statement": {"shortcoming": _("自述问题"), "commitment": _("承诺")},
    "reference": {
        "law": _("法律"),
        "regulation": _("法规规章"),
        "policy_doc": _("政策文件"),
        "party_rule": _("党内文件"),
    },
    "qualifier": {
        "exact": _("准确"),
        "about": _("约"),
        "approx_over": _("超过"),
        "approx_under": _("接近"),
        "at_least": _("至少"),
        "at_most": _("至多"),
    },
    "scope": {"own": _("本机关"), "region": _("全辖区"), "system": _("本系统")},
    "choice": {
        "only_candidate": _("只有这一个"),
        "own_report": _("取自本年度报告"),
        "exact": _("准确数优先"),
        "full_year": _("全年数优先"),
        "same_value": _("各处一致"),
        "first_in_text": _("各处不一，取最先出现者"),
    },
    "kind": {"sum": _("全年累加"), "stock": _("期末存量"), "rate": _("比率"), "count": _("数量")},
    "level": {
        "province": _("省级"),
        "city": _("市级"),
        "county": _("县级"),
        "township": _("乡级"),
    },
    "source": {
        "ok": _("正常"),
        "down": _("无法访问"),
        "blocked": _("被拦截"),
        "moved": _("已迁移"),
        "changed": _("栏目已变"),
        "postponed": _("已推迟"),
    },
}
