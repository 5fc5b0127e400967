/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selection models, the LFK index, p-curve, p-uniform* and the Copas model, in
 * sentences. */
#include "core/number.h"
#include "report/build_bias.h"
#include "report/view.h"

#include <math.h>

/* "; likelihood ratio of no selection 1.234, df 1, p = 0.2668" */
static void add_ratio(mtp_document *doc, const char *what, const mtp_test *test)
{
    if (isnan(test->statistic)) {
        return;
    }
    mtp_doc_text(doc, "; likelihood ratio of %s ", what);
    mtp_doc_number(doc, MTP_DOC_STATISTIC, test->statistic);
    mtp_doc_text(doc, ", df ");
    mtp_doc_number(doc, MTP_DOC_COUNT, test->df);
    mtp_doc_text(doc, ", ");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, test->p, test->log_p));
}

/* Where the p-values of weight i lie. */
static const char *range_of(mtp_document *doc, const mtp_selection_options *o, size_t i)
{
    char low[MTP_NUMBER_TEXT], high[MTP_NUMBER_TEXT];
    const char *text;

    mtp_number_format(i > 0 ? o->steps[i - 1] : 0.0, low);
    mtp_number_format(i < o->n_steps ? o->steps[i] : 1.0, high);
    text = mtp_arena_printf(doc->arena, "%s < p <= %s", low, high);
    doc->failed = doc->failed || !text;
    return text ? text : "";
}

static void add_step_weights(mtp_document *doc, const mtp_selection_result *r)
{
    const mtp_doc_column column[] = {{"range", "p-values", true, false},
                                     {"k", "Studies", false, false},
                                     {"weight", "Weight", false, false},
                                     {"se", "SE", false, false}};

    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < r->n_delta; i++) {
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        cell[0] = mtp_doc_cell_text(range_of(doc, &r->options, i));
        cell[1] = mtp_doc_cell_number(MTP_DOC_COUNT, (double)r->count[i]);
        cell[2] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, r->delta[i]);
        cell[3] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, r->delta_se[i]);
    }
}

static void add_deltas(mtp_document *doc, const mtp_selection_result *r)
{
    for (size_t i = 0; i < r->n_delta; i++) {
        mtp_doc_text(doc, r->n_delta == 1 ? "; delta "
                          : i == 0        ? "; delta 1: "
                                          : ", delta 2: ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, r->delta[i]);
        mtp_doc_text(doc, " (SE ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, r->delta_se[i]);
        mtp_doc_text(doc, ")");
    }
}

static void add_model(mtp_document *doc, const mtp_bundle *bundle,
                      const mtp_bias_selection *s)
{
    const mtp_selection_result *r = s->result;
    bool step = r->options.type == MTP_SELECTION_STEP;

    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "%s of the p-values (%s), maximum likelihood: ",
                 mtp_build_bias_capital(doc, mtp_selection_label(r->options.type)),
                 mtp_selection_side_label(r->options.side));
    mtp_build_bias_estimate(doc, bundle, &s->mean, &s->back);
    mtp_build_bias_statistic(doc, s->mean.statistic, s->mean.df, s->mean.p,
                             s->mean.log_p);
    mtp_doc_text(doc, "; tau^2 ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, r->tau2);
    if (!step) {
        add_deltas(doc, r);
    }
    add_ratio(doc, "no selection", &r->test);
    mtp_doc_text(doc, ".");
    if (step) {
        add_step_weights(doc, r);
    }
}

/* The same data, were the selection as given. */
static void add_weighted(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_bias_analysis *a = bundle->bias;
    const mtp_doc_column column[] = {
        {"weights", "Weights", true, MTP_DOC_WRAP},
        {"estimate", mtp_build_bias_capital(doc, bundle->measure->natural), false,
         false},
        {"ci", mtp_build_level(doc, bundle, "interval"), false, false},
        {"tau2", "tau^2", false, false}};

    mtp_doc_paragraph(doc);
    mtp_doc_text(doc,
                 "At weights of the p-values (%s) that are given, not estimated%s:",
                 mtp_selection_side_label(a->weighted[0].result->options.side),
                 a->weighted[0].result->options.tau2 == MTP_TAU2_EE
                     ? ""
                     : "; tau^2 by maximum likelihood");
    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < a->n_weighted; i++) {
        const mtp_bias_selection *w = &a->weighted[i];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        cell[0] = mtp_doc_cell_text(w->label);
        cell[1] = mtp_build_natural(doc, w->back.estimate);
        cell[2] = mtp_build_natural_interval(doc, w->back.ci_lower, w->back.ci_upper);
        cell[3] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, w->result->tau2);
    }
}

static void add_selection(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_bias_analysis *a = bundle->bias;

    if (!a->selection && a->n_weighted == 0) {
        return;
    }
    mtp_doc_heading(doc, "Selection by p-values");
    if (a->selection) {
        add_model(doc, bundle, a->selection);
    }
    if (a->n_weighted > 0) {
        add_weighted(doc, bundle);
    }
}

static void add_lfk(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_lfk_result *r = bundle->bias->lfk;

    if (!r) {
        return;
    }
    mtp_doc_heading(doc, "LFK index");
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "LFK index of the Doi plot ");
    mtp_doc_number(doc, MTP_DOC_STATISTIC, r->lfk);
    mtp_doc_text(doc,
                 ": %s, by the rule of thumb that calls |LFK| above 1 minor and above "
                 "2 major. It is no test: how often it is beyond these without bias "
                 "depends on the number and the sizes of the studies.",
                 mtp_lfk_class_label(r->asymmetry));
}

static void add_stouffer(mtp_document *doc, const char *label, const mtp_stouffer *full,
                         const mtp_stouffer *half, double binomial)
{
    mtp_doc_entry(doc, label);
    mtp_doc_text(doc, "full curve z = ");
    mtp_doc_number(doc, MTP_DOC_STATISTIC, full->z);
    mtp_doc_text(doc, ", ");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, full->p, full->log_p));
    if (half->k > 0) {
        mtp_doc_text(doc, "; half curve z = ");
        mtp_doc_number(doc, MTP_DOC_STATISTIC, half->z);
        mtp_doc_text(doc, ", ");
        mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, half->p, half->log_p));
    }
    mtp_doc_text(doc, "; binomial ");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, binomial, MTP_NONE));
}

static void add_p_curve(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_p_curve_result *r = bundle->bias->p_curve;

    if (!r) {
        return;
    }
    mtp_doc_heading(doc, "p-curve");
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "%zu of %zu studies have p < 0.05 and %zu p < 0.025. %s",
                 r->k_full, r->k, r->k_half,
                 r->evidence ? "By its authors' rule the curve has evidential value."
                 : r->inadequate ? "Evidential value is absent or inadequate."
                                 : "The curve neither shows evidential value nor that "
                                   "it is inadequate.");
    mtp_doc_entries(doc);
    add_stouffer(doc, "Right skew", &r->skew_full, &r->skew_half, r->skew_binomial);
    add_stouffer(doc, "Flatter than 33% power", &r->flat_full, &r->flat_half,
                 r->flat_binomial);
    mtp_doc_entry(doc, "Average power");
    mtp_doc_number(doc, MTP_DOC_PERCENT, 100.0 * r->power);
    mtp_doc_text(doc, "%%, ");
    mtp_doc_number(doc, MTP_DOC_NUMBER, 100.0 * r->options.level);
    mtp_doc_text(doc, "%% interval ");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_INTERVAL_PERCENT, 100.0 * r->power_lower,
                                       100.0 * r->power_upper));
    mtp_doc_text(doc, ", taken as one for all significant studies");
}

static void add_p_uniform(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_bias_p_uniform *p = bundle->bias->p_uniform;
    const mtp_p_uniform_result *r;

    if (!p) {
        return;
    }
    r = p->result;
    mtp_doc_heading(doc, "p-uniform*");
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "%zu of %zu studies are significant (one-sided p < ",
                 r->k_significant, r->k);
    mtp_doc_number(doc, MTP_DOC_NUMBER, r->options.alpha);
    mtp_doc_text(doc, ", %s): ",
                 r->options.side == MTP_SELECTION_GREATER ? "positive effects"
                                                          : "negative effects");
    if (!r->finite) {
        mtp_doc_text(doc, "there is no finite estimate; the notes say why.");
        return;
    }
    mtp_build_bias_estimate(doc, bundle, &p->mean, &p->back);
    if (!isnan(p->mean.p)) {
        mtp_doc_text(doc, ", likelihood ratio of no effect ");
        mtp_doc_number(doc, MTP_DOC_STATISTIC, r->test.statistic);
        mtp_doc_text(doc, ", ");
        mtp_doc_add(doc,
                    mtp_doc_cell_pair(MTP_DOC_P_EQUATION, p->mean.p, p->mean.log_p));
    }
    mtp_doc_text(doc, "; tau^2 ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, r->tau2);
    mtp_doc_text(doc, " ");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_INTERVAL, r->tau2_lower, r->tau2_upper));
    add_ratio(doc, "tau^2 = 0", &r->tau2_test);
    mtp_doc_text(doc, ".");
}

static void add_copas_path(mtp_document *doc, const mtp_bundle *bundle,
                           const mtp_bias_copas *c)
{
    const mtp_doc_column column[] = {
        {"prob", "Published", false, false},
        {"unpublished", "Unpublished", false, false},
        {"estimate", mtp_build_bias_capital(doc, bundle->measure->natural), false,
         false},
        {"ci", mtp_build_level(doc, bundle, "interval"), false, false},
        {"tau2", "tau^2", false, false},
        {"p", "Residual p", false, false}};

    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < c->result->n_fits; i++) {
        const mtp_copas_fit *fit = &c->result->fits[i];
        const mtp_bias_natural *back = &c->path[i].back;
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        cell[0] = mtp_doc_cell_pair(MTP_DOC_DECIMALS, fit->prob, 2);
        cell[1] = mtp_doc_cell_pair(MTP_DOC_DECIMALS, fit->unpublished, 1);
        cell[2] = mtp_build_natural(doc, back->estimate);
        cell[3] = mtp_build_natural_interval(doc, back->ci_lower, back->ci_upper);
        cell[4] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, fit->tau2);
        cell[5] = mtp_doc_cell_pair(MTP_DOC_P, fit->residual.p, fit->residual.log_p);
    }
}

/* How much selection the data ask for. */
static void add_adjusted(mtp_document *doc, const mtp_bundle *bundle,
                         const mtp_bias_copas *c)
{
    const mtp_copas_fit *fit = c->result->adjusted;
    bool none = fit && fit->prob >= 1.0;

    if (!fit) {
        mtp_doc_text(doc, "Every selection of the path leaves residual selection "
                          "(p < ");
        mtp_doc_number(doc, MTP_DOC_NUMBER, c->result->options.sig_level);
        mtp_doc_text(doc, "): there is no adjusted estimate.");
        return;
    }
    mtp_doc_text(doc, none ? "Without selection there is no sign of it ("
                           : "Adjusted by the least selection that leaves no sign of "
                             "more (");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, fit->residual.p,
                                       fit->residual.log_p));
    mtp_doc_text(doc, " >= ");
    mtp_doc_number(doc, MTP_DOC_NUMBER, c->result->options.sig_level);
    mtp_doc_text(doc, "): ");
    mtp_build_bias_estimate(doc, bundle, &c->adjusted.value, &c->adjusted.back);
    if (!none) {
        mtp_doc_text(doc, "; about ");
        mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_DECIMALS, fit->unpublished, 1));
        mtp_doc_text(doc, " studies would be unpublished");
    }
    mtp_doc_text(doc, ".");
}

static void add_copas(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_bias_copas *c = bundle->bias->copas;

    if (!c) {
        return;
    }
    mtp_doc_heading(doc, "Copas selection model, studies missing on the %s",
                    mtp_side_id(c->result->side));
    mtp_doc_paragraph(doc);
    add_adjusted(doc, bundle, c);
    mtp_doc_text(doc,
                 " The data do not tell how strong selection is; these are the "
                 "means for the probabilities with which the study of the "
                 "largest standard error, %s, is published:",
                 bundle->studies[c->result->largest].name);
    add_copas_path(doc, bundle, c);
}

void mtp_build_bias_models(mtp_document *doc, const mtp_bundle *bundle)
{
    add_selection(doc, bundle);
    add_lfk(doc, bundle);
    add_p_curve(doc, bundle);
    add_p_uniform(doc, bundle);
    add_copas(doc, bundle);
}
