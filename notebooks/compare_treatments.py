"""Compare treatments: the one studied beside its comparators, between persons, within persons, by condition, over time."""

import marimo

app = marimo.App(width="medium", app_title="Compare treatments")


@app.cell
def _():
    import altair as alt
    import marimo as mo

    import doselore

    corpus = doselore.open()
    index = corpus.table("study").index_substance[0]
    return alt, corpus, index, mo


@app.cell
def _(index, mo):
    mo.md(f"""
    # {index.capitalize()} beside its comparators

    Nobody was drawn by lot. Those who took both are their own comparison, and still chose the order; between persons, the
    comparator's share is standardised by condition and source, and by nothing else.
    """)
    return


@app.cell
def _(alt, corpus, mo):
    comparison = corpus.query("""
        select
            kind, comparator, persons::int as persons, missing::int as missing, index_better::int as index_better,
            equal::int as equal, comparator_better::int as comparator_better, share, low, high, covered::int as covered,
            index_denominator::int as index_denominator, index_share, comparator_denominator::int as comparator_denominator,
            comparator_share, difference, difference_low, difference_high
        from comparison where condition = 'any'
    """)
    between = comparison.query("kind == 'between persons' and difference == difference")
    base = alt.Chart(
        between, title="Difference of the shares with a benefit, index less comparator (95 % interval)"
    ).encode(y=alt.Y("comparator:N", title=None))
    zero = alt.Chart(between.head(1)).mark_rule(strokeDash=[3, 3]).encode(x=alt.datum(0))
    between_chart = (
        base.mark_rule().encode(x=alt.X("difference_low:Q", title="difference"), x2="difference_high:Q")
        + base.mark_point(filled=True, size=80).encode(
            x="difference:Q", tooltip=["comparator", "index_denominator", "comparator_denominator", "covered"]
        )
        + zero
    )
    mo.vstack([mo.md("## Between persons"), between_chart, between])
    return between_chart, comparison


@app.cell
def _(alt, comparison, mo):
    within = comparison.query("kind == 'same person'")
    told = within.melt(
        ["comparator"], ["index_better", "equal", "comparator_better"], var_name="found", value_name="persons of both"
    )
    within_chart = (
        alt.Chart(told, title="Who took both: which one did more for them")
        .mark_bar()
        .encode(
            x="persons of both:Q",
            y=alt.Y("comparator:N", title=None),
            color=alt.Color("found:N", sort=["index_better", "equal", "comparator_better"], title=None),
        )
    )
    mo.vstack([mo.md("## The same persons"), within_chart, within])
    return (within_chart,)


@app.cell
def _(alt, corpus, mo):
    by_condition = corpus.query("""
        select condition, substance, benefit, denominator, share, low, high, difference, difference_low, difference_high
        from outcome_by_treatment
        where in_study and condition <> 'any' and denominator > 0
    """)
    condition_chart = (
        alt.Chart(by_condition, title="With a benefit, by what it is taken for")
        .mark_point(filled=True, size=70)
        .encode(
            x=alt.X("share:Q", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]), title="with a benefit"),
            y=alt.Y("substance:N", title=None),
            row=alt.Row("condition:N", title=None),
            tooltip=["benefit", "denominator", "low", "high"],
        )
    )
    mo.vstack([mo.md("## By condition"), condition_chart, by_condition])
    return by_condition, condition_chart


@app.cell
def _(alt, corpus, mo):
    curves = corpus.query("""
        select t.* from time_on_treatment t join study_treatment using (substance) where condition = 'any'
    """)
    curve_chart = (
        alt.Chart(curves, title="Still taking it (Kaplan-Meier)")
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("day:Q", title="days since the start"),
            y=alt.Y("share:Q", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]), title="still on it"),
            color=alt.Color("substance:N", title=None),
            tooltip=["substance", "day", "denominator", "share", "low", "high"],
        )
    )
    mo.vstack([mo.md("## Time on treatment"), curve_chart, curves])
    return curve_chart, curves


if __name__ == "__main__":
    app.run()
