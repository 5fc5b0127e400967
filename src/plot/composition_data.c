/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the bars of shares show, as CSV (RFC 4180) and as JSON. */
#include "core/csv_text.h"
#include "plot/composition_figure.h"
#include "plot/figure_json.h"

const mtp_composition_group *mtp_composition_bar(const mtp_composition *made, size_t i)
{
    return i == 0 ? &made->total : &made->group[i - 1];
}

size_t mtp_composition_bars(const mtp_composition *made)
{
    return made->n_groups + 1;
}

void mtp_composition_figure_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_composition *made = bundle->composition;

    mtp_strbuf_add(out, "group,category,total,count,share,ci_lower,ci_upper\n");
    for (size_t g = 0; g < mtp_composition_bars(made); g++) {
        const mtp_composition_group *bar = mtp_composition_bar(made, g);

        for (size_t c = 0; c < made->n_categories; c++) {
            const mtp_share *share = &bar->share[c];

            mtp_strbuf_add_csv(out, bar->level);
            mtp_strbuf_add_char(out, ',');
            mtp_strbuf_add_csv(out, made->category[c]);
            mtp_strbuf_add_csv_number(out, bar->total);
            mtp_strbuf_add_csv_number(out, share->count);
            mtp_strbuf_add_csv_number(out, share->share);
            mtp_strbuf_add_csv_number(out, share->wilson[0]);
            mtp_strbuf_add_csv_number(out, share->wilson[1]);
            mtp_strbuf_add_char(out, '\n');
        }
    }
}

static void add_share(mtp_strbuf *out, const mtp_composition *made,
                      const mtp_composition_group *bar, size_t c)
{
    const mtp_share *share = &bar->share[c];

    mtp_figure_json_string(
        out, c > 0 ? ",\n        {\"category\": " : "\n        {\"category\": ",
        made->category[c]);
    mtp_figure_json_number(out, ", \"count\": ", share->count);
    mtp_figure_json_number(out, ", \"share\": ", share->share);
    mtp_figure_json_number(out, ", \"ci\": [", share->wilson[0]);
    mtp_figure_json_number(out, ", ", share->wilson[1]);
    mtp_strbuf_add(out, "]}");
}

static void add_test(mtp_strbuf *out, const char *prefix, const mtp_test *test)
{
    mtp_figure_json_number(out, prefix, test->statistic);
    mtp_figure_json_number(out, ", \"df\": ", test->df);
    mtp_figure_json_number(out, ", \"p\": ", test->p);
    mtp_strbuf_add_char(out, '}');
}

void mtp_composition_figure_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_composition *made = bundle->composition;

    mtp_figure_json_head(out, "metapool.composition-figure/1", bundle);
    mtp_figure_json_string(out, ",\n  \"by\": ", bundle->by);
    mtp_figure_json_percent(out, ",\n  \"level\": ", bundle->level);
    mtp_strbuf_add(out, ",\n  \"bars\": [");
    for (size_t g = 0; g < mtp_composition_bars(made); g++) {
        const mtp_composition_group *bar = mtp_composition_bar(made, g);

        mtp_figure_json_string(
            out, g > 0 ? ",\n    {\"group\": " : "\n    {\"group\": ", bar->level);
        mtp_figure_json_number(out, ", \"total\": ", bar->total);
        mtp_strbuf_add(out, ", \"shares\": [");
        for (size_t c = 0; c < made->n_categories; c++) {
            add_share(out, made, bar, c);
        }
        mtp_strbuf_add(out, "\n    ]}");
    }
    add_test(out, "\n  ],\n  \"chi_square\": {\"statistic\": ", &made->chi_square);
    mtp_figure_json_number(out, ",\n  \"exact_p\": ", made->exact.p);
    mtp_figure_json_number(out, ",\n  \"cramers_v\": ", made->cramers_v);
    mtp_figure_json_notes(out, bundle, false);
    mtp_strbuf_add(out, "\n}\n");
}
