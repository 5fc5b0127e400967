/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a Baujat plot shows, as CSV (RFC 4180) and as JSON. */
#include "core/csv_text.h"
#include "plot/baujat_figure.h"
#include "plot/figure_json.h"

void mtp_baujat_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    mtp_strbuf_add(out, "study,yi,vi,heterogeneity,influence\n");
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study *study = &bundle->studies[i];
        const mtp_study_influence *point = &bundle->sensitivity->influence->study[i];

        mtp_strbuf_add_csv(out, study->name);
        mtp_strbuf_add_csv_number(out, study->yi);
        mtp_strbuf_add_csv_number(out, study->vi);
        mtp_strbuf_add_csv_number(out, point->baujat_x);
        mtp_strbuf_add_csv_number(out, point->baujat_y);
        mtp_strbuf_add_char(out, '\n');
    }
}

void mtp_baujat_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_sensitivity_analysis *made = bundle->sensitivity;

    mtp_figure_json_head(out, "metapool.baujat/1", bundle);
    mtp_figure_json_fit(out, made);
    mtp_strbuf_add(out, ",\n  \"points\": [");
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study *study = &bundle->studies[i];
        const mtp_study_influence *point = &made->influence->study[i];

        mtp_figure_json_string(
            out, i > 0 ? ",\n    {\"study\": " : "\n    {\"study\": ", study->name);
        mtp_figure_json_number(out, ", \"yi\": ", study->yi);
        mtp_figure_json_number(out, ", \"vi\": ", study->vi);
        mtp_figure_json_number(out, ", \"heterogeneity\": ", point->baujat_x);
        mtp_figure_json_number(out, ", \"influence\": ", point->baujat_y);
        mtp_strbuf_add_char(out, '}');
    }
    mtp_strbuf_add(out, "\n  ]");
    mtp_figure_json_notes(out, bundle, false);
    mtp_strbuf_add(out, "\n}\n");
}
