/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an L'Abbe plot shows, as CSV (RFC 4180) and as JSON. */
#include "core/csv_text.h"
#include "plot/figure_json.h"
#include "plot/labbe_figure.h"

#include <math.h>

mtp_labbe_area mtp_labbe_area_of(const mtp_bundle *bundle)
{
    for (size_t i = 0; i < bundle->n_studies; i++) {
        if (!isfinite(bundle->studies[i].weight_random)) {
            return MTP_LABBE_SIZE;
        }
    }
    return MTP_LABBE_WEIGHT;
}

size_t mtp_labbe_lines(const mtp_bundle *bundle, mtp_labbe_line line[MTP_LABBE_LINES])
{
    const mtp_pooled *overall = &bundle->pool->overall;
    const mtp_labbe_line all[MTP_LABBE_LINES] = {
        {"no_effect", MTP_MARK_NULL, bundle->measure->no_difference},
        {"random", MTP_MARK_CENTER, overall->random.estimate},
        {"common", MTP_MARK_COMMON, overall->common.estimate}};
    size_t n = 0;

    for (size_t i = 0; i < MTP_LABBE_LINES; i++) {
        if (isfinite(all[i].effect)) {
            line[n++] = all[i];
        }
    }
    return n;
}

void mtp_labbe_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    mtp_strbuf_add(out, "study,control,treated,size,yi,vi,weight\n");
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study *study = &bundle->studies[i];
        mtp_labbe_point point;

        if (!mtp_labbe_place(bundle, i, &point)) {
            continue;
        }
        mtp_strbuf_add_csv(out, study->name);
        for (int v = 0; v < 6; v++) {
            const double value[] = {point.control, point.treated, point.size,
                                    study->yi,     study->vi,     study->weight_random};

            mtp_strbuf_add_csv_number(out, value[v]);
        }
        mtp_strbuf_add_char(out, '\n');
    }
}

static void add_lines(const mtp_bundle *bundle, mtp_strbuf *out)
{
    mtp_labbe_line line[MTP_LABBE_LINES];
    size_t n = mtp_labbe_lines(bundle, line);

    mtp_strbuf_add(out, ",\n  \"lines\": [");
    for (size_t i = 0; i < n; i++) {
        mtp_figure_json_string(out,
                               i > 0 ? ", {\"kind\": " : "{\"kind\": ", line[i].id);
        mtp_figure_json_number(out, ", \"effect\": ", line[i].effect);
        mtp_strbuf_add_char(out, '}');
    }
    mtp_strbuf_add_char(out, ']');
}

void mtp_labbe_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const char *prefix = "\n    {\"study\": ";
    size_t unplaced = 0;

    mtp_figure_json_head(out, "metapool.labbe/1", bundle);
    mtp_figure_json_string(
        out, ",\n  \"outcome\": ", mtp_labbe_find(bundle->measure->measure)->id);
    mtp_figure_json_string(out, ",\n  \"area\": ",
                           mtp_labbe_area_of(bundle) == MTP_LABBE_WEIGHT ? "weight"
                                                                         : "size");
    add_lines(bundle, out);
    mtp_strbuf_add(out, ",\n  \"points\": [");
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study *study = &bundle->studies[i];
        mtp_labbe_point point;

        if (!mtp_labbe_place(bundle, i, &point)) {
            unplaced++;
            continue;
        }
        mtp_figure_json_string(out, prefix, study->name);
        mtp_figure_json_number(out, ", \"control\": ", point.control);
        mtp_figure_json_number(out, ", \"treated\": ", point.treated);
        mtp_figure_json_number(out, ", \"size\": ", point.size);
        mtp_figure_json_number(out, ", \"yi\": ", study->yi);
        mtp_figure_json_number(out, ", \"vi\": ", study->vi);
        mtp_figure_json_number(out, ", \"weight\": ", study->weight_random);
        mtp_strbuf_add_char(out, '}');
        prefix = ",\n    {\"study\": ";
    }
    mtp_figure_json_number(out, "\n  ],\n  \"unplaced\": ", (double)unplaced);
    mtp_figure_json_notes(out, bundle, false);
    mtp_strbuf_add(out, "\n}\n");
}
