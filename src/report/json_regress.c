/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json.h"
#include "report/view.h"

#include <math.h>

/* exp of an estimate and its limits; null members where that has no meaning. */
static json_t *ratio(mtp_json *j, bool exists, double estimate, double lower,
                     double upper)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_number(j, o, "estimate", exists ? exp(estimate) : MTP_NONE);
    mtp_json_put_number(j, o, "ci_lower", exists ? exp(lower) : MTP_NONE);
    mtp_json_put_number(j, o, "ci_upper", exists ? exp(upper) : MTP_NONE);
    return o;
}

/* A coefficient or contrast. `key` says what its name is called. */
static json_t *coefficient(mtp_json *j, const char *key, const mtp_coefficient *c)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_text(j, o, key, c->name);
    mtp_json_put_coefficient(j, o, c);
    return o;
}

static json_t *coefficients(mtp_json *j, const mtp_bundle *bundle)
{
    const mtp_regress_result *fit = bundle->regression->fit;
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < fit->p; i++) {
        const mtp_coefficient *c = &fit->coefficient[i];
        json_t *o = coefficient(j, "term", c);

        mtp_json_put(j, o, "ratio",
                     ratio(j, mtp_view_is_ratio(bundle, i), c->estimate, c->ci_lower,
                           c->ci_upper));
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *contrasts(mtp_json *j, const mtp_bundle *bundle)
{
    const mtp_regress_result *fit = bundle->regression->fit;
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < fit->n_contrasts; i++) {
        const mtp_coefficient *c = &fit->contrasts[i];
        json_t *o = coefficient(j, "contrast", c);

        mtp_json_put(j, o, "ratio",
                     ratio(j, mtp_view_has_ratio(bundle->measure), c->estimate,
                           c->ci_lower, c->ci_upper));
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *plain_coefficients(mtp_json *j, size_t n, const mtp_coefficient c[])
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < n; i++) {
        mtp_json_append(j, list, coefficient(j, "term", &c[i]));
    }
    return list;
}

static json_t *matrix(mtp_json *j, size_t p, const double m[])
{
    json_t *rows = mtp_json_array(j);

    for (size_t i = 0; m && i < p; i++) {
        json_t *row = mtp_json_array(j);

        for (size_t c = 0; c < p; c++) {
            mtp_json_append(j, row, mtp_json_number(j, m[i * p + c]));
        }
        mtp_json_append(j, rows, row);
    }
    return rows;
}

static json_t *named_tests(mtp_json *j, size_t n, const mtp_named_test tests[])
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < n; i++) {
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "name", tests[i].name);
        mtp_json_put(j, o, "test", mtp_json_test(j, &tests[i].test));
        mtp_json_append(j, list, o);
    }
    return list;
}

/* The terms of the formula with their columns; those that were left out have none. */
static json_t *terms(mtp_json *j, const mtp_regression *r)
{
    static const mtp_test none = {MTP_NONE, false,    MTP_NONE,
                                  MTP_NONE, MTP_NONE, MTP_NONE};
    json_t *list = mtp_json_array(j);
    size_t tested = 0;

    for (size_t t = 0; t < r->design->n_terms; t++) {
        json_t *o = mtp_json_object(j), *columns = mtp_json_array(j);
        bool any = false;

        for (size_t c = 0; c < r->design->p; c++) {
            if (r->design->column_term[c] == t) {
                mtp_json_append(j, columns,
                                mtp_json_text(j, r->design->column_name[c]));
                any = true;
            }
        }
        any = any && tested < r->fit->n_terms;
        mtp_json_put_text(j, o, "term", r->design->term_name[t]);
        mtp_json_put(j, o, "columns", columns);
        mtp_json_put(j, o, "test",
                     mtp_json_test(j, any ? &r->fit->terms[tested].test : &none));
        tested += any;
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *levels_of(mtp_json *j, const mtp_design_leaf *leaf)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < leaf->n_levels; i++) {
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "level", leaf->level[i]);
        mtp_json_put_count(j, o, "count", leaf->count[i]);
        mtp_json_append(j, list, o);
    }
    return list;
}

/* What the formula is made of: factors with their levels, numbers with their range. */
static json_t *moderators(mtp_json *j, const mtp_design *d)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < d->formula->n_leaves; i++) {
        const mtp_design_leaf *leaf = &d->leaf[i];
        const mtp_design_variable *v = &d->variable[leaf->leaf->variable];
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "name", leaf->leaf->name);
        mtp_json_put(j, o, "factor", mtp_json_flag(j, leaf->is_factor));
        mtp_json_put_text(j, o, "reference",
                          leaf->is_factor ? leaf->level[leaf->reference] : NULL);
        mtp_json_put(j, o, "levels", levels_of(j, leaf));
        mtp_json_put_number(j, o, "mean", v->mean);
        mtp_json_put_number(j, o, "min", v->min);
        mtp_json_put_number(j, o, "max", v->max);
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *aliases(mtp_json *j, const mtp_design *d)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < d->n_aliases; i++) {
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "name", d->alias[i].name);
        mtp_json_put_text(j, o, "reason", d->alias[i].reason);
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *omnibus(mtp_json *j, const mtp_test *test)
{
    json_t *o = mtp_json_object(j);
    const char *type = test->is_f ? "F" : "chi2";

    mtp_json_put_number(j, o, "statistic", test->statistic);
    mtp_json_put_text(j, o, "type", isnan(test->statistic) ? NULL : type);
    mtp_json_put_number(j, o, "df1", test->df);
    mtp_json_put_number(j, o, "df2", test->df2);
    mtp_json_put_number(j, o, "p", test->p);
    mtp_json_put_number(j, o, "log_p", test->log_p);
    return o;
}

static json_t *residual(mtp_json *j, const mtp_heterogeneity *h)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_number(j, o, "Q", h->Q);
    mtp_json_put_number(j, o, "df", h->df);
    mtp_json_put_number(j, o, "p", h->p);
    mtp_json_put_number(j, o, "log_p", h->log_p);
    return o;
}

static json_t *heterogeneity(mtp_json *j, const mtp_regress_result *fit)
{
    json_t *o = mtp_json_heterogeneity(j, &fit->heterogeneity);

    mtp_json_put_number(j, o, "R2", fit->R2);
    mtp_json_put_number(j, o, "null_tau2", fit->null_tau2);
    return o;
}

static json_t *fit_of(mtp_json *j, const mtp_regress_result *fit)
{
    json_t *o = mtp_json_fit(j, &fit->fit, fit->exists);

    mtp_json_put_number(j, o, "loglik_ml", fit->loglik_ml);
    mtp_json_put_number(j, o, "loglik_reml", fit->loglik_reml);
    mtp_json_put_number(j, o, "knapp_hartung_factor", fit->factor);
    return o;
}

static json_t *back(mtp_json *j, const mtp_regress_prediction *v)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_number(j, o, "estimate", v->back.estimate);
    mtp_json_put_number(j, o, "ci_lower", v->back.ci_lower);
    mtp_json_put_number(j, o, "ci_upper", v->back.ci_upper);
    mtp_json_put_number(j, o, "pi_lower", v->back.pi_lower);
    mtp_json_put_number(j, o, "pi_upper", v->back.pi_upper);
    return o;
}

static json_t *mean(mtp_json *j, const mtp_regression_mean *m)
{
    const mtp_regress_prediction *v = &m->value;
    json_t *o = mtp_json_object(j);

    if (m->factor) {
        mtp_json_put_text(j, o, "factor", m->factor);
        mtp_json_put_text(j, o, "level", m->level);
        mtp_json_put_count(j, o, "count", m->count);
    } else {
        mtp_json_put_text(j, o, "at", v->name);
    }
    mtp_json_put_text(j, o, "averaged", m->averaged);
    mtp_json_put_number(j, o, "estimate", v->estimate);
    mtp_json_put_number(j, o, "se", v->se);
    mtp_json_put_number(j, o, "df", v->df);
    mtp_json_put_number(j, o, "ci_lower", v->ci_lower);
    mtp_json_put_number(j, o, "ci_upper", v->ci_upper);
    mtp_json_put_number(j, o, "pi_se", v->pi_se);
    mtp_json_put_number(j, o, "pi_df", v->pi_df);
    mtp_json_put_number(j, o, "pi_lower", v->pi_lower);
    mtp_json_put_number(j, o, "pi_upper", v->pi_upper);
    mtp_json_put(j, o, "back", back(j, v));
    return o;
}

static json_t *means(mtp_json *j, size_t n, const mtp_regression_mean list[])
{
    json_t *array = mtp_json_array(j);

    for (size_t i = 0; i < n; i++) {
        mtp_json_append(j, array, mean(j, &list[i]));
    }
    return array;
}

static json_t *vif(mtp_json *j, const mtp_regress_result *fit)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < fit->n_vif; i++) {
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "name", fit->vif[i].name);
        mtp_json_put_count(j, o, "columns", fit->vif[i].columns);
        mtp_json_put_number(j, o, "vif", fit->vif[i].vif);
        mtp_json_put_number(j, o, "sif", fit->vif[i].sif);
        mtp_json_append(j, list, o);
    }
    return list;
}

/* Null without --permute. */
static json_t *permutation(mtp_json *j, const mtp_permutation *test, size_t p)
{
    json_t *o, *list;

    if (!test) {
        return mtp_json_text(j, NULL);
    }
    o = mtp_json_object(j);
    list = mtp_json_array(j);
    mtp_json_put_count(j, o, "n", test->n);
    mtp_json_put(j, o, "exact", mtp_json_flag(j, test->exact));
    mtp_json_put_number(j, o, "seed", test->exact ? MTP_NONE : (double)test->seed);
    mtp_json_put_number(j, o, "omnibus_p", test->omnibus_p);
    for (size_t i = 0; i < p; i++) {
        mtp_json_append(j, list, mtp_json_number(j, test->p[i]));
    }
    mtp_json_put(j, o, "p", list);
    return o;
}

/* Null without --robust. */
static json_t *robust(mtp_json *j, const mtp_regress_result *fit)
{
    json_t *o, *df;

    if (fit->robust == MTP_ROBUST_NONE) {
        return mtp_json_text(j, NULL);
    }
    o = mtp_json_object(j);
    df = mtp_json_array(j);
    mtp_json_put_text(j, o, "type", mtp_robust_id(fit->robust));
    mtp_json_put_count(j, o, "clusters", fit->n_clusters);
    for (size_t i = 0; i < fit->p; i++) {
        mtp_json_append(j, df, mtp_json_number(j, fit->coefficient[i].df));
    }
    mtp_json_put(j, o, "df", df);
    return o;
}

/* Null without --correlation. */
static json_t *correlation(mtp_json *j, const mtp_correlation *c)
{
    json_t *o;

    if (!c) {
        return mtp_json_text(j, NULL);
    }
    o = mtp_json_object(j);
    mtp_json_put_count(j, o, "n", c->n);
    mtp_json_put_number(j, o, "estimate", c->estimate);
    mtp_json_put_number(j, o, "statistic", c->statistic);
    mtp_json_put_number(j, o, "df", c->df);
    mtp_json_put_number(j, o, "p", c->p);
    mtp_json_put_number(j, o, "log_p", c->log_p);
    mtp_json_put_number(j, o, "ci_lower", c->ci_lower);
    mtp_json_put_number(j, o, "ci_upper", c->ci_upper);
    return o;
}

static const mtp_regress_study no_study = {
    MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE,
    MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE};

void mtp_json_put_regress_study(mtp_json *j, json_t *o, const mtp_regress_result *fit,
                                size_t i)
{
    const mtp_regress_study *s = fit->study ? &fit->study[i] : &no_study;

    mtp_json_put_number(j, o, "weight", s->weight);
    mtp_json_put_number(j, o, "tau2", fit->tau2 ? fit->tau2[i] : MTP_NONE);
    mtp_json_put_number(j, o, "fitted", s->fitted);
    mtp_json_put_number(j, o, "fitted_se", s->fitted_se);
    mtp_json_put_number(j, o, "residual", s->residual);
    mtp_json_put_number(j, o, "residual_se", s->residual_se);
    mtp_json_put_number(j, o, "rstandard", s->rstandard);
    mtp_json_put_number(j, o, "rstudent", s->rstudent);
    mtp_json_put_number(j, o, "hat", s->hat);
    mtp_json_put_number(j, o, "blup", s->blup);
    mtp_json_put_number(j, o, "blup_se", s->blup_se);
    mtp_json_put_number(j, o, "blup_lower", s->blup_lower);
    mtp_json_put_number(j, o, "blup_upper", s->blup_upper);
}

void mtp_json_put_regress(mtp_json *j, json_t *root, const mtp_bundle *bundle)
{
    const mtp_regression *r = bundle->regression;
    const mtp_regress_result *fit = r->fit;

    mtp_json_put_count(j, root, "k", fit->k);
    mtp_json_put_count(j, root, "p", fit->p);
    mtp_json_put(j, root, "terms", terms(j, r));
    mtp_json_put(j, root, "moderators", moderators(j, r->design));
    mtp_json_put(j, root, "aliases", aliases(j, r->design));
    mtp_json_put(j, root, "coefficients", coefficients(j, bundle));
    mtp_json_put(j, root, "vcov", matrix(j, fit->p, fit->vcov));
    mtp_json_put(j, root, "omnibus", omnibus(j, &fit->omnibus));
    mtp_json_put(j, root, "residual", residual(j, &fit->heterogeneity));
    mtp_json_put(j, root, "heterogeneity", heterogeneity(j, fit));
    mtp_json_put(j, root, "fit", fit_of(j, fit));
    mtp_json_put(j, root, "tests", named_tests(j, fit->n_tests, fit->tests));
    mtp_json_put(j, root, "contrasts", contrasts(j, bundle));
    mtp_json_put(j, root, "margins", means(j, r->n_margins, r->margins));
    mtp_json_put(j, root, "vif", vif(j, fit));
    mtp_json_put(j, root, "predictions", means(j, r->n_predictions, r->predictions));
    mtp_json_put(j, root, "permutation", permutation(j, fit->permutation, fit->p));
    mtp_json_put(j, root, "correlation", correlation(j, r->correlation));
    mtp_json_put(j, root, "robust", robust(j, fit));
    mtp_json_put(j, root, "scale", plain_coefficients(j, fit->n_scale, fit->scale));
    mtp_json_put(j, root, "scale_omnibus", omnibus(j, &fit->scale_omnibus));
    mtp_json_put(j, root, "levels",
                 mtp_json_levels(j, bundle, fit->n_levels, fit->levels));
}
