/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a bubble plot shows, as CSV (RFC 4180) and as JSON. */
#include "core/csv_text.h"
#include "plot/bubble_figure.h"
#include "plot/figure_json.h"

#include <math.h>

double mtp_bubble_shown(const mtp_study *study)
{
    return isfinite(study->observed.estimate) ? study->observed.estimate
                                              : study->back.estimate;
}

/* A value of the moderator: a number, or the level of a factor. */
static void add_place(mtp_strbuf *out, const mtp_bubble *bubble, double x)
{
    mtp_strbuf_add_char(out, ',');
    if (bubble->factor) {
        mtp_strbuf_add_csv(out, bubble->level[(size_t)x]);
    } else {
        mtp_strbuf_add_number(out, x);
    }
}

static void add_study(mtp_strbuf *out, const mtp_bundle *bundle, size_t i)
{
    const mtp_study *study = &bundle->studies[i];

    mtp_strbuf_add(out, "study,");
    mtp_strbuf_add_csv(out, study->name);
    mtp_strbuf_add_char(out, ',');
    mtp_strbuf_add_csv(out, study->group ? study->group : "");
    add_place(out, bundle->bubble, bundle->bubble->x[i]);
    mtp_strbuf_add_csv_number(out, mtp_bubble_shown(study));
    mtp_strbuf_add_csv_number(out, study->yi);
    mtp_strbuf_add_csv_number(out, study->vi);
    mtp_strbuf_add_csv_number(out, bundle->bubble->size[i]);
    mtp_strbuf_add(out, ",,,,\n");
}

static void add_mean(mtp_strbuf *out, const mtp_bundle *bundle, size_t i)
{
    const mtp_regress_prediction *mean = &bundle->regression->predictions[i].value;

    mtp_strbuf_add(out, "line,,");
    add_place(out, bundle->bubble, bundle->bubble->line_x[i]);
    mtp_strbuf_add_csv_number(out, mean->back.estimate);
    mtp_strbuf_add_csv_number(out, mean->estimate);
    mtp_strbuf_add(out, ",,");
    mtp_strbuf_add_csv_number(out, mean->back.ci_lower);
    mtp_strbuf_add_csv_number(out, mean->back.ci_upper);
    mtp_strbuf_add_csv_number(out, mean->back.pi_lower);
    mtp_strbuf_add_csv_number(out, mean->back.pi_upper);
    mtp_strbuf_add_char(out, '\n');
}

void mtp_bubble_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    mtp_strbuf_add(
        out, "kind,study,group,x,y,yi,vi,size,ci_lower,ci_upper,pi_lower,pi_upper\n");
    for (size_t i = 0; i < bundle->n_studies; i++) {
        add_study(out, bundle, i);
    }
    for (size_t i = 0; i < bundle->regression->n_predictions; i++) {
        add_mean(out, bundle, i);
    }
}

static void put_place(mtp_strbuf *out, const char *prefix, const mtp_bubble *bubble,
                      double x)
{
    if (bubble->factor) {
        mtp_figure_json_string(out, prefix, bubble->level[(size_t)x]);
    } else {
        mtp_figure_json_number(out, prefix, x);
    }
}

static void put_across(mtp_strbuf *out, const mtp_bubble *bubble)
{
    mtp_figure_json_string(out, ",\n  \"across\": {\"name\": ", bubble->across);
    mtp_strbuf_add(out, bubble->factor ? ", \"factor\": true" : ", \"factor\": false");
    mtp_strbuf_add(out, ", \"levels\": [");
    for (size_t i = 0; i < bubble->n_levels; i++) {
        mtp_figure_json_string(out, i > 0 ? ", " : "", bubble->level[i]);
    }
    mtp_strbuf_add(out, "]}");
    mtp_figure_json_string(out,
                           ",\n  \"held\": ", bubble->held[0] ? bubble->held : NULL);
}

static void put_model(mtp_strbuf *out, const mtp_bundle *bundle)
{
    const mtp_regress_result *fit = bundle->regression->fit;

    mtp_figure_json_string(
        out, ",\n  \"formula\": ", bundle->regression->design->formula->text);
    mtp_figure_json_string(out, ",\n  \"method\": ", mtp_method_id(fit->fit.method));
    mtp_figure_json_string(out,
                           ",\n  \"tau2_method\": ", mtp_tau2_id(fit->fit.tau2_method));
    mtp_figure_json_number(out, ",\n  \"tau2\": ", fit->heterogeneity.tau2);
    mtp_figure_json_string(out, ",\n  \"ci_method\": ", mtp_ci_id(fit->options.ci));
    mtp_figure_json_string(out, ",\n  \"predict\": ", mtp_pi_id(fit->options.predict));
    mtp_figure_json_percent(out, ",\n  \"level\": ", bundle->level);
}

static void put_study(mtp_strbuf *out, const mtp_bundle *bundle, size_t i)
{
    const mtp_study *study = &bundle->studies[i];

    mtp_figure_json_string(
        out, i > 0 ? ",\n    {\"study\": " : "\n    {\"study\": ", study->name);
    mtp_figure_json_string(out, ", \"group\": ", study->group);
    put_place(out, ", \"x\": ", bundle->bubble, bundle->bubble->x[i]);
    mtp_figure_json_number(out, ", \"y\": ", mtp_bubble_shown(study));
    mtp_figure_json_number(out, ", \"yi\": ", study->yi);
    mtp_figure_json_number(out, ", \"vi\": ", study->vi);
    mtp_figure_json_number(out, ", \"size\": ", bundle->bubble->size[i]);
    mtp_strbuf_add_char(out, '}');
}

static void put_mean(mtp_strbuf *out, const mtp_bundle *bundle, size_t i)
{
    const mtp_regress_prediction *mean = &bundle->regression->predictions[i].value;
    const struct {
        const char *key;
        double value;
    } own[] = {{", \"estimate\": ", mean->estimate},
               {", \"ci_lower\": ", mean->ci_lower},
               {", \"ci_upper\": ", mean->ci_upper},
               {", \"pi_lower\": ", mean->pi_lower},
               {", \"pi_upper\": ", mean->pi_upper},
               {", \"back\": {\"estimate\": ", mean->back.estimate},
               {", \"ci_lower\": ", mean->back.ci_lower},
               {", \"ci_upper\": ", mean->back.ci_upper},
               {", \"pi_lower\": ", mean->back.pi_lower},
               {", \"pi_upper\": ", mean->back.pi_upper}};

    put_place(out, i > 0 ? ",\n    {\"x\": " : "\n    {\"x\": ", bundle->bubble,
              bundle->bubble->line_x[i]);
    for (size_t v = 0; v < sizeof own / sizeof own[0]; v++) {
        mtp_figure_json_number(out, own[v].key, own[v].value);
    }
    mtp_strbuf_add(out, "}}");
}

void mtp_bubble_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_bubble *bubble = bundle->bubble;

    mtp_figure_json_head(out, "metapool.bubble/1", bundle);
    put_across(out, bubble);
    put_model(out, bundle);
    mtp_figure_json_string(out, ",\n  \"by\": ", bundle->by);
    mtp_strbuf_add(out, ",\n  \"groups\": [");
    for (size_t i = 0; i < bubble->n_groups; i++) {
        mtp_figure_json_string(out, i > 0 ? ", " : "", bubble->group[i]);
    }
    mtp_figure_json_string(out, "],\n  \"area\": ", bubble->area);
    mtp_strbuf_add(out, ",\n  \"points\": [");
    for (size_t i = 0; i < bundle->n_studies; i++) {
        put_study(out, bundle, i);
    }
    mtp_strbuf_add(out, "\n  ],\n  \"line\": [");
    for (size_t i = 0; i < bundle->regression->n_predictions; i++) {
        put_mean(out, bundle, i);
    }
    mtp_strbuf_add(out, "\n  ]");
    mtp_figure_json_notes(out, bundle, false);
    mtp_strbuf_add(out, "\n}\n");
}
