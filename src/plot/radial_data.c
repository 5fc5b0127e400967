/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a radial plot shows, as CSV (RFC 4180) and as JSON. */
#include "core/csv_text.h"
#include "num/dist.h"
#include "plot/figure_json.h"
#include "plot/radial_figure.h"

#include <math.h>

double mtp_radial_band(const mtp_bundle *bundle)
{
    return mtp_normal_upper_quantile(mtp_tail_of_level(bundle->level));
}

double mtp_radial_residual(const mtp_bundle *bundle, size_t study)
{
    const mtp_influence_result *made = bundle->sensitivity->influence;

    return made->study[study].radial_z -
           made->estimate[0] * made->study[study].radial_x;
}

static bool is_outside(const mtp_bundle *bundle, size_t study)
{
    return fabs(mtp_radial_residual(bundle, study)) > mtp_radial_band(bundle);
}

void mtp_radial_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    mtp_strbuf_add(out, "study,yi,vi,x,z,outside\n");
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study *study = &bundle->studies[i];
        const mtp_study_influence *point = &bundle->sensitivity->influence->study[i];
        const double value[] = {study->yi, study->vi, point->radial_x, point->radial_z};

        mtp_strbuf_add_csv(out, study->name);
        for (size_t v = 0; v < sizeof value / sizeof value[0]; v++) {
            mtp_strbuf_add_csv_number(out, value[v]);
        }
        mtp_strbuf_add(out, is_outside(bundle, i) ? ",true\n" : ",false\n");
    }
}

void mtp_radial_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_sensitivity_analysis *made = bundle->sensitivity;

    mtp_figure_json_head(out, "metapool.radial/1", bundle);
    mtp_figure_json_fit(out, made);
    mtp_figure_json_percent(out, ",\n  \"band\": {\"level\": ", bundle->level);
    mtp_figure_json_number(out, ", \"z\": ", mtp_radial_band(bundle));
    mtp_strbuf_add(out, "},\n  \"points\": [");
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study *study = &bundle->studies[i];
        const mtp_study_influence *point = &made->influence->study[i];

        mtp_figure_json_string(
            out, i > 0 ? ",\n    {\"study\": " : "\n    {\"study\": ", study->name);
        mtp_figure_json_number(out, ", \"yi\": ", study->yi);
        mtp_figure_json_number(out, ", \"vi\": ", study->vi);
        mtp_figure_json_number(out, ", \"x\": ", point->radial_x);
        mtp_figure_json_number(out, ", \"z\": ", point->radial_z);
        mtp_strbuf_add(out, is_outside(bundle, i) ? ", \"outside\": true}"
                                                  : ", \"outside\": false}");
    }
    mtp_strbuf_add(out, "\n  ]");
    mtp_figure_json_notes(out, bundle, false);
    mtp_strbuf_add(out, "\n}\n");
}
