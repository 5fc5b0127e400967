/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json.h"
#include "report/view.h"

#include <math.h>

json_t *mtp_json_test(mtp_json *j, const mtp_test *test)
{
    json_t *o = mtp_json_object(j);
    const char *type = test->is_f ? "F" : "chi2";

    mtp_json_put_number(j, o, "statistic", test->statistic);
    mtp_json_put_text(j, o, "type", isnan(test->statistic) ? NULL : type);
    mtp_json_put_number(j, o, "df", test->df);
    mtp_json_put_number(j, o, "df2", test->df2);
    mtp_json_put_number(j, o, "p", test->p);
    mtp_json_put_number(j, o, "log_p", test->log_p);
    return o;
}

static json_t *interval(mtp_json *j, const mtp_interval *ci)
{
    json_t *o = mtp_json_object(j), *segments = mtp_json_array(j);

    mtp_json_put_text(j, o, "method", mtp_ci_id(ci->method));
    mtp_json_put_number(j, o, "se", ci->se);
    mtp_json_put_number(j, o, "df", ci->df);
    mtp_json_put_number(j, o, "statistic", ci->statistic);
    mtp_json_put_number(j, o, "p", ci->p);
    mtp_json_put_number(j, o, "log_p", ci->log_p);
    mtp_json_put_number(j, o, "ci_lower", ci->lower);
    mtp_json_put_number(j, o, "ci_upper", ci->upper);
    mtp_json_put_number(j, o, "estimate", ci->estimate);
    for (size_t i = 0; i < ci->n_segments; i++) {
        mtp_json_append(j, segments,
                        mtp_json_pair(j, ci->segments[i][0], ci->segments[i][1]));
    }
    mtp_json_put(j, o, "segments", segments);
    return o;
}

static json_t *prediction(mtp_json *j, const mtp_prediction *pi)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_text(j, o, "method", mtp_pi_id(pi->method));
    mtp_json_put_number(j, o, "se", pi->se);
    mtp_json_put_number(j, o, "df", pi->df);
    mtp_json_put_number(j, o, "lower", pi->lower);
    mtp_json_put_number(j, o, "upper", pi->upper);
    return o;
}

static json_t *back(mtp_json *j, const mtp_estimate *e)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_number(j, o, "estimate", e->back.estimate);
    mtp_json_put_number(j, o, "ci_lower", e->back.ci_lower);
    mtp_json_put_number(j, o, "ci_upper", e->back.ci_upper);
    mtp_json_put_number(j, o, "pi_lower", e->back.pi_lower);
    mtp_json_put_number(j, o, "pi_upper", e->back.pi_upper);
    mtp_json_put_number(j, o, "n", e->back.ft_n);
    return o;
}

void mtp_json_put_estimate(mtp_json *j, json_t *o, const mtp_estimate *e)
{
    json_t *intervals = mtp_json_array(j), *predictions = mtp_json_array(j);
    bool exists = !isnan(e->estimate);

    mtp_json_put_number(j, o, "estimate", e->estimate);
    mtp_json_put_number(j, o, "se", e->ci.se);
    mtp_json_put_number(j, o, "statistic", e->ci.statistic);
    mtp_json_put_number(j, o, "df", e->ci.df);
    mtp_json_put_number(j, o, "p", e->ci.p);
    mtp_json_put_number(j, o, "log_p", e->ci.log_p);
    mtp_json_put_number(j, o, "null_value", e->null_value);
    mtp_json_put_text(j, o, "ci_method", exists ? mtp_ci_id(e->ci.method) : NULL);
    mtp_json_put_number(j, o, "ci_lower", e->ci.lower);
    mtp_json_put_number(j, o, "ci_upper", e->ci.upper);
    mtp_json_put_text(j, o, "pi_method", exists ? mtp_pi_id(e->pi.method) : NULL);
    mtp_json_put_number(j, o, "pi_se", e->pi.se);
    mtp_json_put_number(j, o, "pi_df", e->pi.df);
    mtp_json_put_number(j, o, "pi_lower", e->pi.lower);
    mtp_json_put_number(j, o, "pi_upper", e->pi.upper);
    mtp_json_put(j, o, "back", back(j, e));
    for (size_t i = 0; i < e->n_intervals; i++) {
        mtp_json_append(j, intervals, interval(j, &e->intervals[i]));
    }
    for (size_t i = 0; i < e->n_predictions; i++) {
        mtp_json_append(j, predictions, prediction(j, &e->predictions[i]));
    }
    mtp_json_put(j, o, "intervals", intervals);
    mtp_json_put(j, o, "predictions", predictions);
}

static json_t *estimate(mtp_json *j, const mtp_estimate *e)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_estimate(j, o, e);
    return o;
}

/* A limit pair; an empty or undefined set has none, whatever the numbers are. */
static json_t *limits(mtp_json *j, const mtp_tau2_interval *ci, const double pair[2])
{
    bool ok = ci->status == MTP_SET_OK;

    return mtp_json_pair(j, ok ? pair[0] : MTP_NONE, ok ? pair[1] : MTP_NONE);
}

static json_t *tau2_intervals(mtp_json *j, const mtp_heterogeneity *h)
{
    static const char *const status[] = {[MTP_SET_OK] = "ok",
                                         [MTP_SET_EMPTY] = "empty",
                                         [MTP_SET_UNDEFINED] = "undefined"};
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < h->n_intervals; i++) {
        const mtp_tau2_interval *ci = &h->intervals[i];
        json_t *o = mtp_json_object(j), *segments = mtp_json_array(j);

        for (size_t s = 0; s < ci->n_segments; s++) {
            mtp_json_append(j, segments,
                            mtp_json_pair(j, ci->segments[s][0], ci->segments[s][1]));
        }
        mtp_json_put_text(j, o, "method", ci->method);
        mtp_json_put(j, o, "tau2", limits(j, ci, ci->tau2));
        mtp_json_put(j, o, "tau", limits(j, ci, ci->tau));
        mtp_json_put(j, o, "I2", limits(j, ci, ci->I2));
        mtp_json_put(j, o, "H2", limits(j, ci, ci->H2));
        mtp_json_put_text(j, o, "status", status[ci->status]);
        mtp_json_put(j, o, "segments", segments);
        mtp_json_append(j, list, o);
    }
    return list;
}

json_t *mtp_json_heterogeneity(mtp_json *j, const mtp_heterogeneity *h)
{
    json_t *o = mtp_json_object(j), *test = mtp_json_object(j);

    mtp_json_put_number(j, o, "Q", h->Q);
    mtp_json_put_number(j, o, "df", h->df);
    mtp_json_put_number(j, o, "p", h->p);
    mtp_json_put_number(j, o, "log_p", h->log_p);
    mtp_json_put_text(j, o, "Q_center", h->Q_center);
    mtp_json_put_number(j, o, "tau2", h->tau2);
    mtp_json_put_number(j, o, "tau2_se", h->tau2_se);
    mtp_json_put(j, o, "tau2_ci", limits(j, &h->ci, h->ci.tau2));
    mtp_json_put_number(j, o, "tau", h->tau);
    mtp_json_put(j, o, "tau_ci", limits(j, &h->ci, h->ci.tau));
    mtp_json_put_number(j, o, "I2", h->I2);
    mtp_json_put(j, o, "I2_ci", limits(j, &h->ci, h->ci.I2));
    mtp_json_put_number(j, o, "H2", h->H2);
    mtp_json_put(j, o, "H2_ci", limits(j, &h->ci, h->ci.H2));
    mtp_json_put_number(j, o, "I2_Q", h->I2_Q);
    mtp_json_put_number(j, o, "vt", h->vt);
    mtp_json_put(j, o, "intervals", tau2_intervals(j, h));
    mtp_json_put_number(j, o, "LRT", h->LRT);
    mtp_json_put_number(j, o, "LRT_df", h->LRT_df);
    mtp_json_put_number(j, o, "LRT_p", h->LRT_p);
    mtp_json_put_number(j, o, "LRT_log_p", h->LRT_log_p);
    mtp_json_put_number(j, test, "statistic", h->tau2_statistic);
    mtp_json_put_number(j, test, "p", h->tau2_p);
    mtp_json_put(j, o, "tau2_test", test);
    return o;
}

/* The tests of Mantel-Haenszel and Peto pooling; null with other methods. */
static json_t *stratified(mtp_json *j, const mtp_stratified *tests)
{
    const mtp_test none = {MTP_NONE, false, MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE};
    json_t *o = mtp_json_object(j);

    mtp_json_put(j, o, "cmh", mtp_json_test(j, tests ? &tests->cmh : &none));
    mtp_json_put(j, o, "cmh_uncorrected",
                 mtp_json_test(j, tests ? &tests->cmh_uncorrected : &none));
    mtp_json_put(j, o, "breslow_day",
                 mtp_json_test(j, tests ? &tests->breslow_day : &none));
    mtp_json_put(j, o, "tarone", mtp_json_test(j, tests ? &tests->tarone : &none));
    return o;
}

static json_t *modes(mtp_json *j, const mtp_fit *fit)
{
    bool rho = fit->method == MTP_METHOD_BETABINOMIAL;
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < fit->n_modes; i++) {
        json_t *o = mtp_json_object(j);

        mtp_json_put_number(j, o, "tau2", rho ? MTP_NONE : fit->modes[i].tau2);
        mtp_json_put_number(j, o, "rho", rho ? fit->modes[i].tau2 : MTP_NONE);
        mtp_json_put_number(j, o, "loglik", fit->modes[i].loglik);
        mtp_json_put_number(j, o, "estimate", fit->modes[i].estimate);
        mtp_json_append(j, list, o);
    }
    return list;
}

json_t *mtp_json_fit(mtp_json *j, const mtp_fit *f, bool exists)
{
    bool has_tau2 = f->method != MTP_METHOD_BETABINOMIAL;
    json_t *o = mtp_json_object(j), *test = mtp_json_object(j);
    json_t *nodes =
        f->nodes == 0 ? mtp_json_text(j, "exact")
                      : mtp_json_number(j, f->nodes > 0 ? (double)f->nodes : MTP_NONE);

    mtp_json_put_text(j, o, "method", mtp_method_id(f->method));
    mtp_json_put_text(j, o, "tau2_method",
                      has_tau2 ? mtp_tau2_id(f->tau2_method) : NULL);
    mtp_json_put_text(j, o, "model", f->model);
    mtp_json_put(j, o, "nodes", nodes);
    mtp_json_put(j, o, "converged", exists ? json_boolean(f->converged) : json_null());
    mtp_json_put_number(j, o, "iterations", exists ? (double)f->iterations : MTP_NONE);
    mtp_json_put(j, o, "modes", modes(j, f));
    mtp_json_put(j, o, "boundary", exists ? json_boolean(f->boundary) : json_null());
    mtp_json_put_number(j, o, "loglik", f->loglik);
    mtp_json_put_text(j, o, "loglik_kind", f->loglik_kind);
    mtp_json_put_number(j, o, "AIC", f->AIC);
    mtp_json_put_number(j, o, "AICc", f->AICc);
    mtp_json_put_number(j, o, "BIC", f->BIC);
    mtp_json_put_number(j, o, "sigma2", f->sigma2);
    mtp_json_put_number(j, o, "rho", f->rho);
    mtp_json_put_number(j, o, "rho_se", f->rho_se);
    mtp_json_put_number(j, test, "statistic", f->rho_statistic);
    mtp_json_put_number(j, test, "p", f->rho_p);
    mtp_json_put(j, o, "rho_test", test);
    return o;
}

/* The robust variance of both estimates; null without clusters. */
static json_t *robust(mtp_json *j, const mtp_pooled *p)
{
    json_t *o, *df;

    if (p->robust.type == MTP_ROBUST_NONE) {
        return json_null();
    }
    o = mtp_json_object(j);
    df = mtp_json_array(j);
    mtp_json_put_text(j, o, "type", mtp_robust_id(p->robust.type));
    mtp_json_put_count(j, o, "clusters", p->robust.clusters);
    mtp_json_append(j, df, mtp_json_number(j, p->random.ci.df));
    mtp_json_put(j, o, "df", df);
    return o;
}

json_t *mtp_json_pooled(mtp_json *j, const char *level, const mtp_pooled *pooled)
{
    mtp_pooled p = mtp_view_pooled(pooled);
    json_t *o = mtp_json_object(j);

    if (level) {
        mtp_json_put_text(j, o, "level", level);
    }
    mtp_json_put_count(j, o, "k", p.k);
    mtp_json_put_number(j, o, "events", p.events);
    mtp_json_put_number(j, o, "n", p.n);
    mtp_json_put_number(j, o, "time", p.time);
    mtp_json_put(j, o, "common", estimate(j, &p.common));
    mtp_json_put(j, o, "random", estimate(j, &p.random));
    mtp_json_put(j, o, "heterogeneity", mtp_json_heterogeneity(j, &p.heterogeneity));
    mtp_json_put(j, o, "stratified", stratified(j, p.stratified));
    mtp_json_put(j, o, "robust", robust(j, &p));
    mtp_json_put(j, o, "fit", mtp_json_fit(j, &p.fit, p.exists));
    return o;
}
