/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What single studies do to a fit: influence, and the coordinates of plots. */
#include "report/builders.h"
#include "report/sensitivity_view.h"
#include "report/view.h"

#include <math.h>

static bool has(const mtp_bundle *bundle, mtp_sensitivity analysis)
{
    return (bundle->sensitivity->made & (1u << analysis)) != 0;
}

/* "0.2 (without A) to 0.4 (without B)" of one coefficient. */
static void add_range(mtp_document *doc, const mtp_bundle *bundle, size_t c)
{
    const mtp_influence_result *r = bundle->sensitivity->influence;
    size_t low = r->k, high = r->k;

    for (size_t i = 0; i < r->k; i++) {
        double b = r->study[i].estimate_del[c];

        if (!isnan(b)) {
            low = low == r->k || b < r->study[low].estimate_del[c] ? i : low;
            high = high == r->k || b > r->study[high].estimate_del[c] ? i : high;
        }
    }
    mtp_doc_entry(doc, bundle->regression->fit->coefficient[c].name);
    if (low == r->k) {
        mtp_doc_text(doc, "none of the fits exists");
        return;
    }
    mtp_doc_text(doc, "between ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, r->study[low].estimate_del[c]);
    mtp_doc_text(doc, " (without %s) and ", bundle->studies[low].name);
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, r->study[high].estimate_del[c]);
    mtp_doc_text(doc, " (without %s); ", bundle->studies[high].name);
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, r->estimate[c]);
    mtp_doc_text(doc, " with all studies");
}

static void add_coefficient(mtp_document *doc, const char *without, double estimate,
                            double se, double tau2, double Q)
{
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    cell[0] = mtp_doc_cell_text(without);
    cell[1] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, estimate);
    cell[2] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, se);
    cell[3] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, tau2);
    cell[4] = mtp_doc_cell_number(MTP_DOC_STATISTIC, Q);
}

/* A row for each study, the coefficients one after the other. */
static void add_coefficients(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_influence_result *r = bundle->sensitivity->influence;
    const mtp_doc_column column[] = {{"without", "Without", true, true},
                                     {"estimate", "Estimate", false, false},
                                     {"se", "SE", false, false},
                                     {"tau2", "tau^2", false, false},
                                     {"Q", "Q", false, false}};

    mtp_doc_heading(doc, "%s (coefficients, %s)",
                    mtp_sensitivity_label(MTP_SENSITIVITY_LEAVE_ONE_OUT),
                    mtp_build_scale(doc, bundle->measure));
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "Leaving out any one study, the coefficients lie as follows; "
                      "standard errors are those of the model, without a factor.");
    mtp_doc_entries(doc);
    for (size_t c = 0; c < r->p; c++) {
        add_range(doc, bundle, c);
    }
    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t c = 0; c < r->p; c++) {
        mtp_doc_section(doc, "%s", bundle->regression->fit->coefficient[c].name);
        for (size_t i = 0; i < r->k; i++) {
            const mtp_study_influence *s = &r->study[i];

            add_coefficient(doc, bundle->studies[i].name, s->estimate_del[c],
                            s->se_del[c], s->tau2_del, s->Q_del);
        }
        add_coefficient(doc, "(none)", r->estimate[c], r->se[c], r->tau2, r->Q);
    }
}

/* The influential studies by name, with the rules that each meets. */
static void add_influential(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_influence_result *r = bundle->sensitivity->influence;
    size_t n = 0, compared = 0;

    mtp_doc_paragraph(doc);
    for (size_t i = 0; i < r->k; i++) {
        n += r->study[i].influential;
        compared += isnan(r->study[i].rstudent) ? 0 : 1;
    }
    if (compared == 0) {
        mtp_doc_text(doc, "There is no fit without a study to compare with; the notes "
                          "say why.");
        return;
    }
    if (n == 0) {
        mtp_doc_text(doc, "No study is influential by any of the rules below.");
        return;
    }
    mtp_doc_text(doc, "%zu of %zu studies %s influential by the rules below:", n, r->k,
                 n == 1 ? "is" : "are");
    for (size_t i = 0, named = 0; i < r->k; i++) {
        const char *joint = " (";

        if (!r->study[i].influential) {
            continue;
        }
        mtp_doc_text(doc, "%s %s", named++ > 0 ? ";" : "", bundle->studies[i].name);
        for (int rule = 0; rule < MTP_INFLUENCE_RULE_COUNT; rule++) {
            if (r->study[i].flags & (1u << rule)) {
                mtp_doc_text(doc, "%s%s", joint,
                             mtp_influence_rule_id((mtp_influence_rule)rule));
                joint = ", ";
            }
        }
        mtp_doc_text(doc, ")");
    }
    mtp_doc_text(doc, ".");
}

static void add_rules(mtp_document *doc, const mtp_influence_result *r)
{
    mtp_doc_entries(doc);
    for (int rule = 0; rule < MTP_INFLUENCE_RULE_COUNT; rule++) {
        mtp_doc_entry(doc, mtp_influence_rule_id((mtp_influence_rule)rule));
        mtp_doc_text(doc, "%s", mtp_influence_rule_label((mtp_influence_rule)rule));
        if (rule == 0) {
            mtp_doc_text(doc, "; k = %zu stud%s, p = %zu coefficient%s", r->k,
                         r->k == 1 ? "y" : "ies", r->p, r->p == 1 ? "" : "s");
        }
    }
}

static double largest(size_t p, const double x[])
{
    double most = fabs(x[0]);

    for (size_t j = 1; j < p; j++) {
        most = fabs(x[j]) > most ? fabs(x[j]) : most;
    }
    return most;
}

static void add_influence(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_influence_result *r = bundle->sensitivity->influence;
    const mtp_doc_column column[] = {{"study", "Study", true, MTP_DOC_WRAP},
                                     {"rstudent", "rstudent", false, false},
                                     {"dffits", "dffits", false, false},
                                     {"cooks_d", "Cook's D", false, false},
                                     {"cov_r", "cov.r", false, false},
                                     {"tau2_del", "tau^2", false, false},
                                     {"Q_del", "Q", false, false},
                                     {"hat", "hat", false, false},
                                     {"dfbetas", "max |dfbetas|", false, false}};
    size_t columns = sizeof column / sizeof *column - (r->p == 1 ? 1 : 0);

    mtp_doc_heading(doc, "Influence");
    add_influential(doc, bundle);
    add_rules(doc, r);
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "tau^2 and Q are those without the study.");
    mtp_doc_table(doc, columns, column);
    for (size_t i = 0; i < r->k; i++) {
        const mtp_study_influence *s = &r->study[i];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        *cell++ = mtp_doc_cell_text(bundle->studies[i].name);
        *cell++ = mtp_doc_cell_number(MTP_DOC_STATISTIC, s->rstudent);
        *cell++ = mtp_doc_cell_number(MTP_DOC_STATISTIC, s->dffits);
        *cell++ = mtp_doc_cell_number(MTP_DOC_STATISTIC, s->cooks_d);
        *cell++ = mtp_doc_cell_number(MTP_DOC_STATISTIC, s->cov_r);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, s->tau2_del);
        *cell++ = mtp_doc_cell_number(MTP_DOC_STATISTIC, s->Q_del);
        *cell++ = mtp_doc_cell_number(MTP_DOC_STATISTIC, s->hat);
        if (r->p > 1) {
            *cell = mtp_doc_cell_number(MTP_DOC_STATISTIC, largest(r->p, s->dfbetas));
        }
    }
}

/* The study that lies farthest out along a coordinate. */
static const char *farthest(const mtp_bundle *bundle, bool pull)
{
    const mtp_influence_result *r = bundle->sensitivity->influence;
    const char *name = NULL;
    double most = -1.0;

    for (size_t i = 0; i < r->k; i++) {
        double at = pull ? r->study[i].baujat_y : r->study[i].baujat_x;

        if (at > most) {
            most = at;
            name = bundle->studies[i].name;
        }
    }
    return name;
}

static void add_points(mtp_document *doc, const mtp_bundle *bundle, bool baujat)
{
    const mtp_influence_result *r = bundle->sensitivity->influence;
    const mtp_doc_column column[] = {{"study", "Study", true, true},
                                     {"x", "x", false, false},
                                     {"y", baujat ? "y" : "z", false, false}};

    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < r->k; i++) {
        const mtp_study_influence *s = &r->study[i];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        cell[0] = mtp_doc_cell_text(bundle->studies[i].name);
        cell[1] =
            mtp_doc_cell_number(MTP_DOC_ESTIMATE, baujat ? s->baujat_x : s->radial_x);
        cell[2] =
            mtp_doc_cell_number(MTP_DOC_ESTIMATE, baujat ? s->baujat_y : s->radial_z);
    }
}

static void add_baujat(mtp_document *doc, const mtp_bundle *bundle)
{
    const char *apart = farthest(bundle, false), *pull = farthest(bundle, true);

    mtp_doc_heading(doc, "%s", mtp_sensitivity_label(MTP_SENSITIVITY_BAUJAT));
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "x is the study's part in the heterogeneity, its squared "
                      "residual by its variance; y its pull on the estimate, the "
                      "squared change of its predicted value when it is left out, "
                      "standardized.");
    if (apart && pull) {
        mtp_doc_text(doc,
                     " Most heterogeneity comes from %s, the strongest pull from "
                     "%s.",
                     apart, pull);
    }
    add_points(doc, bundle, true);
}

static void add_radial(mtp_document *doc, const mtp_bundle *bundle)
{
    mtp_doc_heading(doc, "%s", mtp_sensitivity_label(MTP_SENSITIVITY_RADIAL));
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc,
                 "x = 1 / s and z = effect / s, s^2 = sampling variance + tau^2: a "
                 "line from the origin through a study has its effect as slope, "
                 "the line of the mean ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, bundle->sensitivity->influence->estimate[0]);
    mtp_doc_text(doc, ".");
    add_points(doc, bundle, false);
}

void mtp_build_sensitivity_studies(mtp_document *doc, const mtp_bundle *bundle)
{
    if (bundle->regression && has(bundle, MTP_SENSITIVITY_LEAVE_ONE_OUT)) {
        add_coefficients(doc, bundle);
    }
    if (has(bundle, MTP_SENSITIVITY_INFLUENCE)) {
        add_influence(doc, bundle);
    }
    if (has(bundle, MTP_SENSITIVITY_BAUJAT)) {
        add_baujat(doc, bundle);
    }
    if (has(bundle, MTP_SENSITIVITY_RADIAL)) {
        add_radial(doc, bundle);
    }
}
