/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What small-study effects leave of the mean, in sentences that can be quoted. */
#include "report/build_bias.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

static void add_regression(mtp_document *doc, const mtp_bundle *bundle,
                           const char *name, const char *predictor,
                           const mtp_bias_pet_peese *p, const mtp_pet_peese_fit *fit,
                           const mtp_bias_natural *back)
{
    const mtp_coefficient *e = &fit->estimate, *s = &fit->slope;

    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "%s (%s, predictor %s): ", name,
                 mtp_asymmetry_model_label(p->fit.options.model), predictor);
    mtp_build_bias_estimate(doc, bundle, e, back);
    if (p->conditional) {
        mtp_build_bias_statistic(doc, e->statistic, e->df, e->p, e->log_p);
    }
    mtp_doc_text(doc, "; slope ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, s->estimate);
    mtp_doc_text(doc, " (SE ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, s->se);
    mtp_doc_text(doc, ")");
    mtp_build_bias_statistic(doc, s->statistic, s->df, s->p, s->log_p);
    mtp_doc_text(doc, ".");
}

static void add_pet_peese(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_bias_pet_peese *p = bundle->bias->pet_peese;

    if (!p) {
        return;
    }
    mtp_doc_heading(doc, "PET-PEESE: a study without error");
    add_regression(doc, bundle, "PET", "standard error", p, &p->fit.pet, &p->pet);
    add_regression(doc, bundle, "PEESE", "sampling variance", p, &p->fit.peese,
                   &p->peese);
    if (!p->conditional) {
        return;
    }
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "PET %s at the ",
                 p->fit.peese_chosen ? "finds an effect in the direction of the studies"
                                     : "finds no effect in the direction of the "
                                       "studies");
    mtp_doc_number(doc, MTP_DOC_NUMBER, 100.0 * p->fit.options.alpha);
    mtp_doc_text(doc, "%% level (two-sided), so the conditional estimate is %s.",
                 p->fit.peese_chosen ? "PEESE's" : "PET's");
}

/* What an effect on the scale of analysis is called. */
static const char *analysed_name(mtp_document *doc, const mtp_measure_info *measure)
{
    return mtp_build_bias_capital(doc, mtp_view_has_back(measure) ? measure->scale
                                                                  : measure->natural);
}

static void add_filled(mtp_document *doc, const mtp_bundle *bundle,
                       const mtp_trim_fill_result *t)
{
    const mtp_doc_column column[] = {
        {"study", "Mirror image of", true, MTP_DOC_CUT},
        {"yi", analysed_name(doc, bundle->measure), false, false},
        {"sei", "SE", false, false}};

    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < t->k0; i++) {
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        cell[0] = mtp_doc_cell_text(bundle->studies[t->fill[i].study].name);
        cell[1] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, t->fill[i].yi);
        cell[2] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, sqrt(t->fill[i].vi));
    }
}

/* How the number of missing studies was found. */
static void add_missing(mtp_document *doc, const mtp_trim_fill_result *t)
{
    const char *side = mtp_side_id(t->side);

    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "By %s (%s), ", mtp_trim_fill_id(t->estimator),
                 mtp_trim_fill_label(t->estimator));
    if (t->k0 == 0) {
        mtp_doc_text(doc, "no study is estimated to be missing on the %s", side);
    } else {
        mtp_doc_text(doc, "%zu stud%s estimated to be missing on the %s", t->k0,
                     t->k0 == 1 ? "y is" : "ies are", side);
    }
    if (!isnan(t->k0_se)) {
        mtp_doc_text(doc, ", SE ");
        mtp_doc_number(doc, MTP_DOC_STATISTIC, t->k0_se);
    }
    if (!isnan(t->k0_p)) {
        mtp_doc_text(doc, ", ");
        mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, t->k0_p, MTP_NONE));
    }
    if (!isnan(t->slope)) {
        mtp_doc_text(doc, "; the side is that of Egger's regression, slope ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, t->slope);
    }
    mtp_doc_text(doc, ".");
}

static void add_trim_fill(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_trim_fill_result *t = bundle->bias->trim_fill;
    const mtp_estimate *e;
    mtp_coefficient mean = {0};
    mtp_bias_natural back;

    if (!t) {
        return;
    }
    mtp_doc_heading(doc, "Trim and fill");
    add_missing(doc, t);
    if (t->k0 == 0) {
        mtp_doc_text(doc, " The mean stays as it is.");
        return;
    }
    e = &t->pooled->overall.random;
    mean.estimate = e->estimate;
    mean.se = e->ci.se;
    back = (mtp_bias_natural){e->back.estimate, e->back.ci_lower, e->back.ci_upper};
    mtp_doc_text(doc, " With %s filled in: ",
                 t->k0 == 1 ? "its mirror image" : "their mirror images");
    mtp_build_bias_estimate(doc, bundle, &mean, &back);
    mtp_doc_text(doc, ", tau^2 ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, t->pooled->overall.heterogeneity.tau2);
    mtp_doc_text(doc,
                 ". This shows how far one way of losing studies would move the mean; "
                 "%s no data, and the number of studies is still %zu.",
                 t->k0 == 1 ? "the filled study is" : "the filled studies are", t->k);
    add_filled(doc, bundle, t);
}

/* What n studies would do. */
static void add_failsafe_effect(mtp_document *doc, const mtp_bundle *bundle,
                                const mtp_failsafe_result *r)
{
    static const char *const whose[MTP_FAILSAFE_COUNT] = {
        [MTP_FAILSAFE_ROSENTHAL] = "the combined one-sided p",
        [MTP_FAILSAFE_ORWIN] = "the mean",
        [MTP_FAILSAFE_ROSENBERG] = "the p of the common-effect mean",
        [MTP_FAILSAFE_GENERAL] = "the normal p of the pooled mean"};
    bool to_target = !isnan(r->target);

    mtp_doc_text(doc, " of no effect would bring %s ",
                 to_target ? "the mean" : whose[r->type]);
    if (to_target) {
        mtp_doc_text(doc, "from ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, r->estimate);
        mtp_doc_text(doc, " to ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, r->target);
        mtp_doc_text(doc, " (%s)", mtp_build_scale(doc, bundle->measure));
        return;
    }
    mtp_doc_text(doc, "(");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, r->p, r->log_p));
    mtp_doc_text(doc, ") to ");
    mtp_doc_number(doc, MTP_DOC_NUMBER, r->alpha);
}

/* "Rosenthal" of "Rosenthal, sum of z". */
static const char *failsafe_name(mtp_document *doc, mtp_failsafe_type type)
{
    const char *label = mtp_failsafe_label(type);
    const char *name = mtp_arena_strndup(doc->arena, label, strcspn(label, ","));

    doc->failed = doc->failed || !name;
    return name ? mtp_build_bias_capital(doc, name) : "";
}

static void add_failsafe(mtp_document *doc, const mtp_bundle *bundle,
                         const mtp_bias_failsafe *f)
{
    const mtp_failsafe_result *r = &f->result;

    mtp_doc_entry(doc, failsafe_name(doc, f->type));
    if (!f->exists) {
        mtp_doc_text(doc, "no answer; a note says why");
        return;
    }
    if (r->n == 0.0) {
        mtp_doc_text(doc, "0: the result does not stand as it is");
        return;
    }
    mtp_doc_number(doc, MTP_DOC_COUNT, r->n);
    mtp_doc_text(doc, r->n == 1.0 ? " study" : " studies");
    add_failsafe_effect(doc, bundle, r);
}

static void add_failsafes(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_bias_analysis *a = bundle->bias;

    if (a->n_failsafe == 0) {
        return;
    }
    mtp_doc_heading(doc, "Fail-safe numbers");
    mtp_doc_entries(doc);
    for (size_t i = 0; i < a->n_failsafe; i++) {
        add_failsafe(doc, bundle, &a->failsafe[i]);
    }
}

static void add_powers(mtp_document *doc, const mtp_bundle *bundle,
                       const mtp_excess_result *e)
{
    const mtp_doc_column column[] = {
        {"study", "Study", true, MTP_DOC_CUT},
        {"yi", analysed_name(doc, bundle->measure), false, false},
        {"sei", "SE", false, false},
        {"significant", "Significant", true, false},
        {"power", "Power", false, false}};

    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < e->k; i++) {
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        *cell++ = mtp_doc_cell_text(bundle->studies[i].name);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, bundle->studies[i].yi);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, bundle->studies[i].sei);
        *cell++ = mtp_doc_cell_text(e->significant[i] ? "yes" : "no");
        *cell = mtp_doc_cell_number(MTP_DOC_ESTIMATE, e->power[i]);
    }
}

static void add_excess(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_excess_result *e = bundle->bias->excess;

    if (!e) {
        return;
    }
    mtp_doc_heading(doc, "Excess significance");
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "%zu of %zu studies %s significant against %s = ", e->observed,
                 e->k, e->observed == 1 ? "is" : "are", bundle->measure->natural);
    mtp_doc_number(doc, MTP_DOC_NUMBER, bundle->pool->options.null_value);
    mtp_doc_text(doc, " (two-sided p < ");
    mtp_doc_number(doc, MTP_DOC_NUMBER, e->options.alpha);
    mtp_doc_text(doc, "). At a true mean of ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, e->theta);
    mtp_doc_text(doc, " (%s) with tau^2 ", mtp_build_scale(doc, bundle->measure));
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, e->tau2);
    mtp_doc_text(doc, " their powers add up to ");
    mtp_doc_number(doc, MTP_DOC_STATISTIC, e->expected);
    mtp_doc_text(doc, " (observed / expected ");
    mtp_doc_number(doc, MTP_DOC_STATISTIC, e->ratio);
    mtp_doc_text(doc, "): ");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, e->p, e->log_p));
    mtp_doc_text(doc, " for an excess (%s).", mtp_excess_test_label(e->options.test));
    add_powers(doc, bundle, e);
}

void mtp_build_bias_means(mtp_document *doc, const mtp_bundle *bundle)
{
    add_pet_peese(doc, bundle);
    add_trim_fill(doc, bundle);
    add_failsafes(doc, bundle);
    add_excess(doc, bundle);
}
