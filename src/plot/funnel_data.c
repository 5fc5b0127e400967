/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a funnel plot shows, as CSV (RFC 4180) and as JSON. */
#include "metapool/funnel.h"

#include "core/csv_text.h"
#include "plot/figure_json.h"
#include "plot/funnel_figure.h"

#include <math.h>

static const char *kind_of(const mtp_funnel_point *point)
{
    return point->filled ? "filled" : "study";
}

void mtp_funnel_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_funnel *funnel = bundle->funnel;

    mtp_strbuf_printf(out, "kind,study,yi,vi,%s\n",
                      funnel->axis == MTP_FUNNEL_VI ? "vertical"
                                                    : mtp_funnel_axis_id(funnel->axis));
    for (size_t i = 0; i < funnel->n_points; i++) {
        const mtp_funnel_point *point = &funnel->point[i];

        mtp_strbuf_add(out, kind_of(point));
        mtp_strbuf_add_char(out, ',');
        mtp_strbuf_add_csv(out, point->study);
        mtp_strbuf_add_csv_number(out, point->yi);
        mtp_strbuf_add_csv_number(out, point->vi);
        mtp_strbuf_add_csv_number(out, point->vertical);
        mtp_strbuf_add_char(out, '\n');
    }
}

static void add_lines(mtp_strbuf *out, const mtp_funnel *funnel)
{
    mtp_figure_json_number(out, ",\n  \"center\": ", funnel->center);
    mtp_figure_json_string(out, ",\n  \"center_is\": ",
                           isnan(funnel->center) ? NULL
                           : funnel->common      ? "common"
                                                 : "random");
    mtp_figure_json_percent(out, ",\n  \"pseudo_limits\": {\"level\": ", funnel->level);
    mtp_figure_json_number(out, ", \"z\": ", funnel->z);
    mtp_figure_json_number(out, "},\n  \"null_value\": ", funnel->null_value);
    mtp_strbuf_add(out, ",\n  \"contours\": [");
    for (size_t i = 0; i < funnel->n_contours; i++) {
        mtp_figure_json_percent(
            out, i > 0 ? ", {\"level\": " : "{\"level\": ", funnel->contour_level[i]);
        mtp_figure_json_number(out, ", \"z\": ", funnel->contour_z[i]);
        mtp_strbuf_add_char(out, '}');
    }
    mtp_strbuf_add_char(out, ']');
}

static void add_fill(mtp_strbuf *out, const mtp_trim_fill_result *fill)
{
    mtp_strbuf_add(out, ",\n  \"trim_fill\": ");
    if (!fill) {
        mtp_strbuf_add(out, "null");
        return;
    }
    mtp_figure_json_string(out, "{\"estimator\": ", mtp_trim_fill_id(fill->estimator));
    mtp_figure_json_string(out, ", \"side\": ", mtp_side_id(fill->side));
    mtp_figure_json_number(out, ", \"k0\": ", (double)fill->k0);
    mtp_figure_json_number(out, ", \"mirror\": ", fill->center);
    mtp_figure_json_number(out,
                           ", \"estimate\": ", fill->pooled->overall.random.estimate);
    mtp_strbuf_add_char(out, '}');
}

static void add_egger(mtp_strbuf *out, const mtp_asymmetry_result *egger)
{
    mtp_strbuf_add(out, ",\n  \"egger\": ");
    if (!egger) {
        mtp_strbuf_add(out, "null");
        return;
    }
    mtp_figure_json_number(out, "{\"limit\": ", egger->limit.estimate);
    mtp_figure_json_number(out, ", \"slope\": ", egger->estimate);
    mtp_figure_json_number(out, ", \"se\": ", egger->se);
    mtp_figure_json_number(out, ", \"ci\": [", egger->ci_lower);
    mtp_figure_json_number(out, ", ", egger->ci_upper);
    mtp_figure_json_number(out, "], \"t\": ", egger->statistic);
    mtp_figure_json_number(out, ", \"df\": ", egger->df);
    mtp_figure_json_number(out, ", \"p\": ", egger->p);
    mtp_figure_json_number(out, ", \"k\": ", (double)egger->k);
    mtp_strbuf_add_char(out, '}');
}

void mtp_funnel_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_funnel *funnel = bundle->funnel;

    mtp_figure_json_head(out, "metapool.funnel/1", bundle);
    mtp_figure_json_string(out, ",\n  \"y_axis\": ", mtp_funnel_axis_id(funnel->axis));
    add_lines(out, funnel);
    add_fill(out, funnel->trim_fill);
    add_egger(out, funnel->egger);
    mtp_figure_json_number(out, ",\n  \"unplaced\": ", (double)funnel->n_unplaced);
    mtp_strbuf_add(out, ",\n  \"points\": [");
    for (size_t i = 0; i < funnel->n_points; i++) {
        const mtp_funnel_point *point = &funnel->point[i];

        mtp_figure_json_string(
            out, i > 0 ? ",\n    {\"kind\": " : "\n    {\"kind\": ", kind_of(point));
        mtp_figure_json_string(out, ", \"study\": ", point->study);
        mtp_figure_json_number(out, ", \"yi\": ", point->yi);
        mtp_figure_json_number(out, ", \"vi\": ", point->vi);
        mtp_figure_json_number(out, ", \"vertical\": ", point->vertical);
        mtp_strbuf_add_char(out, '}');
    }
    mtp_strbuf_add(out, "\n  ]");
    mtp_figure_json_notes(out, bundle, false);
    mtp_strbuf_add(out, "\n}\n");
}
