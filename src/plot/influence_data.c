/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an influence plot shows, as CSV (RFC 4180) and as JSON. */
#include "core/csv_text.h"
#include "plot/figure_json.h"
#include "plot/influence_figure.h"

void mtp_influence_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    mtp_strbuf_add(out, "study");
#define ADD_NAME(field, title, zero) mtp_strbuf_add(out, "," #field);
    MTP_INFLUENCE_PANEL_LIST(ADD_NAME)
#undef ADD_NAME
    mtp_strbuf_add(out, ",influential\n");
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study_influence *study = &bundle->sensitivity->influence->study[i];

        mtp_strbuf_add_csv(out, bundle->studies[i].name);
#define ADD_VALUE(field, title, zero) mtp_strbuf_add_csv_number(out, study->field);
        MTP_INFLUENCE_PANEL_LIST(ADD_VALUE)
#undef ADD_VALUE
        mtp_strbuf_add(out, study->influential ? ",true\n" : ",false\n");
    }
}

static void add_rules(mtp_strbuf *out, unsigned flags)
{
    const char *prefix = "";

    mtp_strbuf_add(out, ", \"rules\": [");
    for (int rule = 0; rule < MTP_INFLUENCE_RULE_COUNT; rule++) {
        if (flags & (1u << rule)) {
            mtp_figure_json_string(out, prefix,
                                   mtp_influence_rule_id((mtp_influence_rule)rule));
            prefix = ", ";
        }
    }
    mtp_strbuf_add_char(out, ']');
}

static void add_cutoffs(mtp_strbuf *out, const mtp_influence_result *made)
{
    mtp_strbuf_add(out, ",\n  \"cutoffs\": {");
    for (int rule = 0; rule < MTP_INFLUENCE_RULE_COUNT; rule++) {
        mtp_strbuf_printf(out, "%s\"%s\": ", rule > 0 ? ", " : "",
                          mtp_influence_rule_id((mtp_influence_rule)rule));
        mtp_figure_json_number(
            out, "", mtp_influence_cutoff((mtp_influence_rule)rule, made->k, made->p));
    }
    mtp_strbuf_add_char(out, '}');
}

void mtp_influence_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    const mtp_influence_result *made = bundle->sensitivity->influence;

    mtp_figure_json_head(out, "metapool.influence/1", bundle);
    mtp_figure_json_string(
        out, ",\n  \"tau2_method\": ", mtp_tau2_id(bundle->sensitivity->tau2));
    mtp_figure_json_number(out, ",\n  \"tau2\": ", made->tau2);
    mtp_figure_json_number(out, ",\n  \"Q\": ", made->Q);
    mtp_figure_json_number(out, ",\n  \"coefficients\": ", (double)made->p);
    add_cutoffs(out, made);
    mtp_strbuf_add(out, ",\n  \"studies\": [");
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study_influence *study = &made->study[i];

        mtp_figure_json_string(out,
                               i > 0 ? ",\n    {\"study\": " : "\n    {\"study\": ",
                               bundle->studies[i].name);
#define ADD_VALUE(field, title, zero)                                                  \
    mtp_figure_json_number(out, ", \"" #field "\": ", study->field);
        MTP_INFLUENCE_PANEL_LIST(ADD_VALUE)
#undef ADD_VALUE
        mtp_strbuf_add(out, study->influential ? ", \"influential\": true"
                                               : ", \"influential\": false");
        add_rules(out, study->flags);
        mtp_strbuf_add_char(out, '}');
    }
    mtp_strbuf_add(out, "\n  ]");
    mtp_figure_json_notes(out, bundle, false);
    mtp_strbuf_add(out, "\n}\n");
}
