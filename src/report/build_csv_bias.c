/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small-study effects as one table: a row a test, a mean, a fail-safe number, an index.
 */
#include "metapool/bias_analysis.h"

#include "report/builders.h"
#include "report/view.h"

enum { COLUMNS = 18 };

static const char *const id[COLUMNS] = {"kind",
                                        "name",
                                        "model",
                                        "predictor",
                                        "k",
                                        "estimate",
                                        "se",
                                        "statistic",
                                        "df",
                                        "p",
                                        "log_p",
                                        "ci_lower",
                                        "ci_upper",
                                        "natural_estimate",
                                        "natural_ci_lower",
                                        "natural_ci_upper",
                                        "tau2",
                                        "n"};

static mtp_doc_cell number(double value)
{
    return mtp_doc_cell_number(MTP_DOC_NUMBER, value);
}

/* A row with the columns that every kind has; the cells of the others are missing. */
static mtp_doc_cell *begin_row(mtp_document *doc, const char *kind, const char *name,
                               const char *model, const char *predictor, double k)
{
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    for (size_t i = 0; i < COLUMNS; i++) {
        cell[i] = number(MTP_NONE);
    }
    cell[0] = mtp_doc_cell_text(kind);
    cell[1] = mtp_doc_cell_text(name);
    cell[2] = mtp_doc_cell_text(model);
    cell[3] = mtp_doc_cell_text(predictor);
    cell[4] = number(k);
    return cell;
}

static void set_figures(mtp_doc_cell cell[], const mtp_coefficient *c)
{
    cell[5] = number(c->estimate);
    cell[6] = number(c->se);
    cell[7] = number(c->statistic);
    cell[8] = number(c->df);
    cell[9] = number(c->p);
    cell[10] = number(c->log_p);
    cell[11] = number(c->ci_lower);
    cell[12] = number(c->ci_upper);
}

static void add_test(mtp_document *doc, const mtp_bias_test *t)
{
    const mtp_asymmetry_result *r = t->result;
    const char *name = mtp_asymmetry_id(t->test);
    mtp_doc_cell *cell;

    if (!r) {
        (void)begin_row(doc, "test", name, NULL, NULL, MTP_NONE);
        return;
    }
    cell = begin_row(doc, "test", name, mtp_asymmetry_model_id(r->model), r->predictor,
                     (double)r->k);
    set_figures(cell, &(mtp_coefficient){NULL, r->estimate, r->se, r->statistic, r->df,
                                         r->p, r->log_p, r->ci_lower, r->ci_upper});
    cell[16] = number(r->tau2);
}

static void add_mean(mtp_document *doc, const mtp_bias_estimate *e)
{
    mtp_doc_cell *cell = begin_row(doc, "mean", e->id, NULL, NULL, MTP_NONE);

    set_figures(cell, &e->value);
    cell[13] = number(e->back.estimate);
    cell[14] = number(e->back.ci_lower);
    cell[15] = number(e->back.ci_upper);
}

static void add_excess(mtp_document *doc, const mtp_excess_result *e)
{
    mtp_doc_cell *cell;

    if (!e) {
        return;
    }
    cell = begin_row(doc, "test", "excess", mtp_excess_test_id(e->options.test), NULL,
                     (double)e->k);
    cell[5] = number(e->ratio);
    cell[7] = number(e->statistic);
    cell[9] = number(e->p);
    cell[10] = number(e->log_p);
    cell[16] = number(e->tau2);
}

/* Likelihood ratio of no selection. */
static void add_selection(mtp_document *doc, const mtp_bias_selection *s)
{
    mtp_doc_cell *cell;

    if (s) {
        cell = begin_row(doc, "test", s->id, mtp_selection_id(s->result->options.type),
                         NULL, (double)s->result->k);
        cell[7] = number(s->result->test.statistic);
        cell[8] = number(s->result->test.df);
        cell[9] = number(s->result->test.p);
        cell[10] = number(s->result->test.log_p);
        cell[16] = number(s->result->tau2);
    }
}

static void add_stouffer(mtp_document *doc, const char *name, const mtp_stouffer *s)
{
    mtp_doc_cell *cell = begin_row(doc, "test", name, NULL, NULL, (double)s->k);

    cell[7] = number(s->z);
    cell[9] = number(s->p);
    cell[10] = number(s->log_p);
}

static void add_p_curve(mtp_document *doc, const mtp_p_curve_result *r)
{
    if (r) {
        add_stouffer(doc, "p_curve_skew_full", &r->skew_full);
        add_stouffer(doc, "p_curve_skew_half", &r->skew_half);
        add_stouffer(doc, "p_curve_flat_full", &r->flat_full);
        add_stouffer(doc, "p_curve_flat_half", &r->flat_half);
    }
}

static void add_lfk(mtp_document *doc, const mtp_lfk_result *r)
{
    if (r) {
        begin_row(doc, "index", "lfk", NULL, NULL, (double)r->k)[5] = number(r->lfk);
    }
}

static void add_failsafe(mtp_document *doc, const mtp_bias_failsafe *f, size_t k)
{
    mtp_doc_cell *cell =
        begin_row(doc, "failsafe", mtp_failsafe_id(f->type), NULL, NULL, (double)k);

    if (f->exists) {
        cell[5] = number(f->result.estimate);
        cell[9] = number(f->result.p);
        cell[10] = number(f->result.log_p);
        cell[16] = number(f->result.tau2);
        cell[17] = number(f->result.n);
    }
}

void mtp_build_csv_bias(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_bias_analysis *a = bundle->bias;
    mtp_doc_column column[COLUMNS];

    for (size_t i = 0; i < COLUMNS; i++) {
        column[i] = (mtp_doc_column){id[i], id[i], false, false};
    }
    mtp_doc_table(doc, COLUMNS, column);
    for (size_t i = 0; i < a->n_tests; i++) {
        add_test(doc, &a->tests[i]);
    }
    add_excess(doc, a->excess);
    add_selection(doc, a->selection);
    add_p_curve(doc, a->p_curve);
    for (size_t i = 0; i < a->n_estimates; i++) {
        add_mean(doc, &a->estimates[i]);
    }
    for (size_t i = 0; i < a->n_failsafe; i++) {
        add_failsafe(doc, &a->failsafe[i], bundle->n_studies);
    }
    add_lfk(doc, a->lfk);
}
