/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a likelihood profile shows, as CSV (RFC 4180) and as JSON. */
#include "metapool/tau2_curve.h"

#include "core/csv_text.h"
#include "plot/figure_json.h"
#include "plot/profile_figure.h"

#include <math.h>

static void add_row(mtp_strbuf *out, const char *kind, const mtp_mode *at)
{
    mtp_strbuf_add(out, kind);
    mtp_strbuf_add_csv_number(out, at->tau2);
    mtp_strbuf_add_csv_number(out, at->loglik);
    mtp_strbuf_add_csv_number(out, at->estimate);
    mtp_strbuf_add_char(out, '\n');
}

void mtp_profile_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_tau2_curve *curve = bundle->tau2_curve;

    mtp_strbuf_add(out, "kind,tau2,loglik,estimate\n");
    for (size_t i = 0; i < curve->n_modes; i++) {
        add_row(out, i == curve->highest ? "maximum" : "mode", &curve->mode[i]);
    }
    for (size_t i = 0; i < curve->n; i++) {
        add_row(out, "point", &curve->point[i]);
    }
}

static void add_points(mtp_strbuf *out, const char *key, size_t n,
                       const mtp_mode point[])
{
    mtp_strbuf_printf(out, ",\n  \"%s\": [", key);
    for (size_t i = 0; i < n; i++) {
        mtp_figure_json_number(
            out, i > 0 ? ",\n    {\"tau2\": " : "\n    {\"tau2\": ", point[i].tau2);
        mtp_figure_json_number(out, ", \"loglik\": ", point[i].loglik);
        mtp_figure_json_number(out, ", \"estimate\": ", point[i].estimate);
        mtp_strbuf_add_char(out, '}');
    }
    mtp_strbuf_add(out, "\n  ]");
}

static void add_interval(mtp_strbuf *out, const mtp_tau2_curve *curve)
{
    const mtp_tau2_bounds *interval = &curve->interval;

    mtp_figure_json_percent(out, ",\n  \"interval\": {\"level\": ", curve->level);
    mtp_figure_json_number(out, ", \"drop\": ", curve->drop);
    mtp_figure_json_number(out, ", \"limits\": [", interval->lower);
    mtp_figure_json_number(out, ", ", interval->upper);
    mtp_strbuf_add(out, "], \"segments\": [");
    for (size_t i = 0; i < interval->n_segments; i++) {
        mtp_figure_json_number(out, i > 0 ? ", [" : "[", interval->segments[i][0]);
        mtp_figure_json_number(out, ", ", interval->segments[i][1]);
        mtp_strbuf_add_char(out, ']');
    }
    mtp_strbuf_add(out, "]}");
}

void mtp_profile_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_tau2_curve *curve = bundle->tau2_curve;

    mtp_figure_json_head(out, "metapool.profile/1", bundle);
    mtp_figure_json_string(out, ",\n  \"model\": ",
                           curve->mixed ? bundle->pool->overall.fit.model
                                        : "normal-normal");
    mtp_figure_json_string(out,
                           ",\n  \"likelihood\": ", curve->restricted ? "REML" : "ML");
    mtp_figure_json_number(out, ",\n  \"range\": [", curve->low);
    mtp_figure_json_number(out, ", ", curve->high);
    mtp_figure_json_string(out, "],\n  \"tau2_method\": ", mtp_tau2_id(curve->method));
    mtp_figure_json_number(out, ",\n  \"tau2\": ", curve->tau2);
    mtp_figure_json_number(out, ",\n  \"maximum\": ", curve->mode[curve->highest].tau2);
    add_interval(out, curve);
    add_points(out, "modes", curve->n_modes, curve->mode);
    add_points(out, "points", curve->n, curve->point);
    mtp_figure_json_notes(out, bundle, isinf(curve->interval.upper));
    mtp_strbuf_add(out, "\n}\n");
}
