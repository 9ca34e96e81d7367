"""First look: what is in the corpus, what was left out and why, what people say, and the posts behind a number."""

import marimo

app = marimo.App(width="medium", app_title="First look")


@app.cell
def _():
    import altair as alt
    import marimo as mo

    import doselore

    corpus = doselore.open()
    study = corpus.table("study").iloc[0]
    return alt, corpus, mo, study


@app.cell
def _(corpus, mo, study):
    invented = corpus.table("source").invented.all()
    mo.md(f"""
    # {study.title}

    {"**Every post here is invented**: the sample says nothing about any medicine." if invented else ""}
    A share here is a share among those who wrote, read by a program that makes mistakes.
    """)
    return


@app.cell
def _(alt, corpus, mo):
    flow = corpus.table("flow").assign(what=lambda t: (t.stage + ": " + t.reason).str.removesuffix(": "))
    flow_chart = (
        alt.Chart(flow, title="The flow of posts: what was seen, left out, kept")
        .mark_bar()
        .encode(
            x=alt.X("posts:Q", title="posts"),
            y=alt.Y("what:N", sort=None, title=None, axis=alt.Axis(labelLimit=320)),
            color=alt.condition(
                "test(/left out|set aside|passed/, datum.stage)", alt.value("#888888"), alt.value("#0b5fa5")
            ),
            tooltip=["stage", "reason", "posts", "persons"],
        )
    )
    mo.vstack([mo.md("## Which posts"), flow_chart])
    return (flow_chart,)


@app.cell
def _(alt, corpus, mo):
    outcomes = corpus.query("""
        select substance, persons, benefit, denominator, share, low, high, missing, no_effect, harmful
        from outcome_by_treatment
        where condition = 'any' and in_study and denominator > 0
    """)
    base = alt.Chart(outcomes, title="Persons with a benefit, of those who say how it did (95 % interval)").encode(
        y=alt.Y("substance:N", sort="-x", title=None)
    )
    outcome_chart = base.mark_rule().encode(
        x=alt.X("low:Q", title="with a benefit", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])), x2="high:Q"
    ) + base.mark_point(filled=True, size=80).encode(
        x="share:Q", tooltip=["substance", "benefit", "denominator", "missing", "no_effect", "harmful"]
    )
    mo.vstack([mo.md("## What they say"), outcome_chart, outcomes])
    return outcome_chart, outcomes


@app.cell
def _(corpus, mo, study):
    behind = corpus.evidence("outcome_by_treatment", substance=study.index_substance)
    mo.vstack(
        [
            mo.md(f"## The posts behind the share of {study.index_substance}"),
            behind[["post_id", "person_id", "value", "url"]],
        ]
    )
    return (behind,)


@app.cell
def _(corpus, mo):
    bias = corpus.table("bias")[["kind", "group", "unit", "numerator", "denominator", "share", "missing"]]
    mo.vstack([mo.md("## What to doubt: who writes is not who takes"), bias])
    return (bias,)


if __name__ == "__main__":
    app.run()
