"""Dose and outcome: which doses are told of, the benefit by dose, the dose over time, the side effects by dose."""

import marimo

app = marimo.App(width="medium", app_title="Dose and outcome")


@app.cell
def _():
    import altair as alt
    import marimo as mo

    import doselore

    corpus = doselore.open()
    index = corpus.table("study").index_substance[0]
    return alt, corpus, index, mo


@app.cell
def _(corpus, index, mo):
    known = corpus.query(
        "select count(*) as persons, count(peak_mg_per_day) as with_dose from course where condition = 'any'"
    )
    mo.md(f"""
    # Dose and outcome: {index}

    Of {known.persons[0]} courses of any treatment, {known.with_dose[0]} state a daily dose. A person stands in the band of the
    highest dose they say they took. Who does well may stay low, and who does not may go up: **a slope is not yet an effect
    of the dose.**
    """)
    return


@app.cell
def _(alt, corpus, index, mo):
    by_dose = corpus.table("outcome_by_dose").query("substance == @index and domain == 'effect' and denominator > 0")
    bands = list(by_dose.dose_band)
    dose_base = alt.Chart(
        by_dose, title="Persons with a benefit, by the highest daily dose they took (95 % interval)"
    ).encode(x=alt.X("dose_band:N", sort=bands, title="mg per day", axis=alt.Axis(labelAngle=0)))
    dose_chart = dose_base.mark_rule().encode(
        y=alt.Y("low:Q", title="with a benefit", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])), y2="high:Q"
    ) + dose_base.mark_point(filled=True, size=90).encode(
        y="share:Q", tooltip=["dose_band", "improved", "denominator", "missing", "trend_p"]
    )
    mo.vstack([mo.md("## Benefit by dose"), dose_chart, by_dose])
    return by_dose, dose_chart


@app.cell
def _(alt, corpus, index, mo):
    steps = corpus.table("dose_trajectory").query("substance == @index and days_since_start == days_since_start")
    step_chart = (
        alt.Chart(steps, title="Each line is one person's stated doses")
        .mark_line(point=True, opacity=0.5)
        .encode(
            x=alt.X("days_since_start:Q", title="days since the start", scale=alt.Scale(type="symlog", constant=30)),
            y=alt.Y("mg_per_day:Q", title="mg per day"),
            detail="person_id:N",
            order="step:Q",
            tooltip=["person_id", "step", "mg_per_day", "role", "post_id"],
        )
    )
    mo.vstack(
        [mo.md("## Dose in the course of time"), step_chart, corpus.table("dose_by_time").query("substance == @index")]
    )
    return (step_chart,)


@app.cell
def _(alt, corpus, index, mo):
    effects = corpus.table("side_effect_by_dose").query("substance == @index and persons_present > 0")
    effect_chart = (
        alt.Chart(effects, title="Side effects, of those who say they took a dose of the band")
        .mark_point(filled=True, size=70)
        .encode(
            x=alt.X("share:Q", axis=alt.Axis(format="%"), title="who tell of it"),
            y=alt.Y("concept:N", title=None),
            color=alt.Color("dose_band:N", title="mg per day"),
            shape="dose_band:N",
            tooltip=["concept", "dose_band", "persons_present", "denominator", "low", "high"],
        )
    )
    mo.vstack([mo.md("## Side effects by dose"), effect_chart, effects])
    return effect_chart, effects


if __name__ == "__main__":
    app.run()
