"""Alignment on its own: spans that hold, shares that add up, what counts as the same and what does not."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.alignment.followup import followup
from nianbao.alignment.passages import paragraphs, plain, sentences
from nianbao.alignment.recurrence import Problem, recurrences
from nianbao.alignment.reuse import reuse

PIECES = st.lists(
    st.sampled_from(
        [
            "一、",
            "（二）",
            "加强",
            "法治政府建设",
            "行政复议",
            "，",
            "。",
            "；",
            "\n",
            "\r\n",
            " ",
            "12件",
            "目录",
            "x",
            "一是",
            "㈠",
            "🏛",
            "普法",
        ]
    ),
    max_size=60,
)
TEXTS = PIECES.map("".join)


@settings(deadline=None)  # the list of words is read once
@given(TEXTS)
def test_spans_lie_in_the_text_in_order_and_hold_no_outer_blanks(text):
    for found in (paragraphs(text), sentences(text)):
        end = 0
        for passage in found:
            assert end <= passage.start < passage.end <= len(text)
            assert text[passage.start : passage.end].strip() == text[passage.start : passage.end]
            end = passage.end


@settings(deadline=None)  # the list of words is read once
@given(TEXTS, TEXTS)
def test_shares_of_reuse_add_up_and_spans_hold(earlier, later):
    found = reuse(earlier, later)
    assert found.n_copied + found.n_edited == len(found.matches) <= found.n_paragraphs
    if found.n_paragraphs:
        assert abs(found.share_copied + found.share_sentences + found.novelty - 1) < 0.001
    for match in found.matches:
        assert 0 <= match.earlier_start < match.earlier_end <= len(earlier)
        assert 0 <= match.later_start < match.later_end <= len(later)
        assert 0.6 <= match.score <= 1


@settings(deadline=None)  # the list of words is read once
@given(TEXTS)
def test_a_text_published_again_is_all_copied(text):
    found = reuse(text, text)
    assert found.n_copied == found.n_paragraphs
    assert found.novelty == 0


@settings(deadline=None)  # the list of words is read once
@given(st.lists(TEXTS, max_size=3), TEXTS)
def test_follow_ups_lie_outside_the_plan_and_come_out_the_same_again(commitments, later):
    plan = [(len(later) // 2, len(later))]
    found = followup(commitments, later, plan)
    assert found == followup(commitments, later, plan)
    assert len(found) == len(commitments)
    for passage in filter(None, found):
        assert passage.start < len(later) // 2 or not later[: len(later) // 2]
        assert 0 < passage.score <= 1


def test_numbers_of_this_year_make_an_edited_copy():
    told = "全年召开会议35次，研究重大事项96项，形成会议纪要并归档备查。"
    found = reuse(told, told.replace("35", "37").replace("96", "108"))
    assert [(match.manner, match.score) for match in found.matches] == [("edited", 1.0)]


def test_an_item_that_moved_is_copied_word_for_word():
    told = "组织执法人员旁听庭审，撰写心得体会并交流讨论，增强证据意识。"
    found = reuse(f"一是{told}", f"（三）{told}")
    assert [match.manner for match in found.matches] == ["verbatim"]


def test_headings_and_signatures_are_no_paragraphs():
    assert reuse("", "一、基本情况\n某区人民政府\n2022年1月5日").n_paragraphs == 0


def test_a_sentence_taken_over_into_a_new_paragraph_is_not_novel():
    told = "设立驻区法官工作站，定期会商行政争议案件。"
    new = "围绕园区企业的需要，编写常见合同风险的提示手册，发放到各楼宇并安排专人讲解。"
    found = reuse(
        f"完善府院联动的安排，明确双方联络人和频次。{told}建立年度通报的办法，送有关单位参考。", new + told
    )
    assert not found.matches
    assert found.share_sentences == round(len(told) / len(new + told), 4)


def test_what_is_told_in_other_words_follows_a_commitment_up_and_boilerplate_does_not():
    boilerplate = "进一步加强组织领导，完善工作机制，扎实推进法治政府建设。"
    told = "已公布重大行政决策事项目录12项。"
    commitments = ["建立重大行政决策目录制度", "进一步完善监督机制，大力推进法治政府建设"]
    first, second = followup(commitments, f"{boilerplate}\n{told}")
    assert first is not None
    assert (boilerplate + "\n" + told)[first.start : first.end] == told
    assert second is None or second.start == 0
    assert followup(commitments[:1], boilerplate) == [None]


def test_a_commitment_of_stock_words_is_found_in_the_same_words_only():
    words = "进一步加强组织领导，不断提升工作水平"
    assert followup([words], f"{words}。")[0] is not None
    assert followup([words], "持续完善各项制度，切实落实工作责任。") == [None]


def test_problems_of_one_year_do_not_recur_among_each_other():
    told = ["基层执法力量不足", "一线执法人员紧缺"]
    of_one_year = [Problem(2021, ("a", n), words) for n, words in enumerate(told)]
    assert recurrences(of_one_year) == []
    later = Problem(2023, ("b", 0), "执法队伍编制偏少，案多人少")
    found = recurrences([later, *of_one_year])
    assert [(pair.earlier.year, pair.later.year) for pair in found] == [(2021, 2023)] * 2


def test_words_are_compared_without_labels_blanks_and_width():
    assert plain("（一）　加强 普法ＡＢ") == plain("1.加强普法AB") == "加强普法AB"


def test_a_text_without_line_feeds_is_cut_behind_sentences():
    told = "开展法治宣传活动，发放资料并解答群众提出的问题。" * 200
    found = paragraphs(told)
    assert len(found) > 1
    assert all(passage.end - passage.start <= 2000 and passage.plain.endswith("。") for passage in found)
    assert reuse(told, told).novelty == 0
