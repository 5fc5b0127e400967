/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selection models, the LFK index, p-curve, p-uniform* and the Copas model. */
#include "report/json.h"
#include "report/view.h"

#include <math.h>

static json_t *numbers(mtp_json *j, size_t n, const double x[])
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < n; i++) {
        mtp_json_append(j, list, mtp_json_number(j, x[i]));
    }
    return list;
}

/* Why a delta is where it is. */
static json_t *limits(mtp_json *j, const mtp_selection_result *r)
{
    static const char *const name[] = {[MTP_SELECTION_FREE] = "free",
                                       [MTP_SELECTION_GIVEN] = "given",
                                       [MTP_SELECTION_AT_LOWER] = "lower",
                                       [MTP_SELECTION_AT_UPPER] = "upper",
                                       [MTP_SELECTION_NO_STUDIES] = "no_studies"};
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < r->n_delta; i++) {
        mtp_json_append(j, list, mtp_json_text(j, name[r->limit[i]]));
    }
    return list;
}

static json_t *counts(mtp_json *j, const mtp_selection_result *r)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; r->count && i < r->n_delta; i++) {
        mtp_json_append(j, list, mtp_json_number(j, (double)r->count[i]));
    }
    return list;
}

static void put_ratio(mtp_json *j, json_t *o, const char *const key[4],
                      const mtp_test *test)
{
    mtp_json_put_number(j, o, key[0], test->statistic);
    mtp_json_put_number(j, o, key[1], test->df);
    mtp_json_put_number(j, o, key[2], test->p);
    mtp_json_put_number(j, o, key[3], test->log_p);
}

static const char *const lrt_keys[] = {"LRT", "LRT_df", "LRT_p", "LRT_log_p"};
static const char *const tau2_keys[] = {"tau2_LRT", "tau2_LRT_df", "tau2_LRT_p",
                                        "tau2_LRT_log_p"};

static json_t *selection(mtp_json *j, const mtp_bias_selection *s)
{
    const mtp_selection_result *r;
    json_t *o;

    if (!s) {
        return json_null();
    }
    r = s->result;
    o = mtp_json_object(j);
    mtp_json_put_text(j, o, "name", s->id);
    mtp_json_put_text(j, o, "label", s->label);
    mtp_json_put_text(j, o, "type", mtp_selection_id(r->options.type));
    mtp_json_put_text(j, o, "alternative", mtp_selection_side_id(r->options.side));
    mtp_json_put_count(j, o, "k", r->k);
    mtp_json_put(j, o, "steps", numbers(j, r->options.n_steps, r->options.steps));
    mtp_json_put(j, o, "delta", numbers(j, r->n_delta, r->delta));
    mtp_json_put(j, o, "delta_se", numbers(j, r->n_delta, r->delta_se));
    mtp_json_put(j, o, "delta_limit", limits(j, r));
    mtp_json_put(j, o, "count", counts(j, r));
    mtp_json_put_coefficient(j, o, &s->mean);
    mtp_json_put(j, o, "back", mtp_json_bias_natural(j, &s->back));
    mtp_json_put_number(j, o, "tau2", r->tau2);
    mtp_json_put_number(j, o, "tau2_se", r->tau2_se);
    put_ratio(j, o, tau2_keys, &r->tau2_test);
    put_ratio(j, o, lrt_keys, &r->test);
    mtp_json_put_number(j, o, "loglik", r->loglik);
    mtp_json_put_number(j, o, "loglik_null", r->loglik_null);
    mtp_json_put_count(j, o, "modes", r->n_modes);
    return o;
}

static json_t *weighted(mtp_json *j, const mtp_bias_analysis *a)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < a->n_weighted; i++) {
        mtp_json_append(j, list, selection(j, &a->weighted[i]));
    }
    return list;
}

/* The points of the Doi plot, from the smallest effect to the largest. */
static json_t *doi_points(mtp_json *j, const mtp_bundle *bundle,
                          const mtp_lfk_result *r)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < r->k; i++) {
        const mtp_study *study = &bundle->studies[r->order[i]];
        json_t *o = mtp_json_object(j);

        mtp_json_put_number(j, o, "row", (double)study->row);
        mtp_json_put_text(j, o, "study", study->name);
        mtp_json_put_number(j, o, "yi", study->yi);
        mtp_json_put_number(j, o, "z", r->point[i].z);
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *lfk(mtp_json *j, const mtp_bundle *bundle, const mtp_lfk_result *r)
{
    json_t *o;

    if (!r) {
        return json_null();
    }
    o = mtp_json_object(j);
    mtp_json_put_number(j, o, "lfk", r->lfk);
    mtp_json_put_text(j, o, "asymmetry", mtp_lfk_class_id(r->asymmetry));
    mtp_json_put_count(j, o, "k", r->k);
    mtp_json_put(j, o, "studies", doi_points(j, bundle, r));
    return o;
}

static json_t *stouffer(mtp_json *j, const mtp_stouffer *s)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_count(j, o, "k", s->k);
    mtp_json_put_number(j, o, "z", s->z);
    mtp_json_put_number(j, o, "p", s->p);
    mtp_json_put_number(j, o, "log_p", s->log_p);
    return o;
}

/* The significant studies. */
static json_t *p_values(mtp_json *j, const mtp_bundle *bundle,
                        const mtp_p_curve_result *r)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < r->k_full; i++) {
        const mtp_p_curve_study *s = &r->study[i];
        json_t *o = mtp_json_object(j);

        mtp_json_put_number(j, o, "row", (double)bundle->studies[s->study].row);
        mtp_json_put_text(j, o, "study", bundle->studies[s->study].name);
        mtp_json_put_number(j, o, "z", s->z);
        mtp_json_put_number(j, o, "p", s->p);
        mtp_json_put_number(j, o, "log_p", s->log_p);
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *p_curve(mtp_json *j, const mtp_bundle *bundle,
                       const mtp_p_curve_result *r)
{
    json_t *o;

    if (!r) {
        return json_null();
    }
    o = mtp_json_object(j);
    mtp_json_put_count(j, o, "k", r->k);
    mtp_json_put_count(j, o, "k_full", r->k_full);
    mtp_json_put_count(j, o, "k_half", r->k_half);
    mtp_json_put_count(j, o, "k_positive", r->k_positive);
    mtp_json_put(j, o, "skew_full", stouffer(j, &r->skew_full));
    mtp_json_put(j, o, "skew_half", stouffer(j, &r->skew_half));
    mtp_json_put_number(j, o, "skew_binomial_p", r->skew_binomial);
    mtp_json_put(j, o, "flat_full", stouffer(j, &r->flat_full));
    mtp_json_put(j, o, "flat_half", stouffer(j, &r->flat_half));
    mtp_json_put_number(j, o, "flat_binomial_p", r->flat_binomial);
    mtp_json_put(j, o, "evidence", mtp_json_flag(j, r->evidence));
    mtp_json_put(j, o, "inadequate", mtp_json_flag(j, r->inadequate));
    mtp_json_put_number(j, o, "power", r->power);
    mtp_json_put_number(j, o, "power_lower", r->power_lower);
    mtp_json_put_number(j, o, "power_upper", r->power_upper);
    mtp_json_put_number(j, o, "power_level", r->options.level);
    mtp_json_put(j, o, "studies", p_values(j, bundle, r));
    return o;
}

static json_t *p_uniform(mtp_json *j, const mtp_bias_p_uniform *p)
{
    const mtp_p_uniform_result *r;
    json_t *o;

    if (!p) {
        return json_null();
    }
    r = p->result;
    o = mtp_json_object(j);
    mtp_json_put_text(j, o, "alternative", mtp_selection_side_id(r->options.side));
    mtp_json_put_number(j, o, "alpha", r->options.alpha);
    mtp_json_put_count(j, o, "k", r->k);
    mtp_json_put_count(j, o, "k_significant", r->k_significant);
    mtp_json_put(j, o, "finite", mtp_json_flag(j, r->finite));
    mtp_json_put_coefficient(j, o, &p->mean);
    mtp_json_put(j, o, "back", mtp_json_bias_natural(j, &p->back));
    mtp_json_put_number(j, o, "tau2", r->tau2);
    mtp_json_put_number(j, o, "tau2_se", r->tau2_se);
    mtp_json_put(j, o, "tau2_ci", mtp_json_pair(j, r->tau2_lower, r->tau2_upper));
    put_ratio(j, o, tau2_keys, &r->tau2_test);
    mtp_json_put_number(j, o, "loglik", r->loglik);
    mtp_json_put_count(j, o, "modes", r->n_modes);
    return o;
}

static json_t *copas_fit(mtp_json *j, const mtp_copas_fit *fit,
                         const mtp_bias_estimate *mean)
{
    static const char *const state[] = {[MTP_COPAS_RHO_FREE] = "free",
                                        [MTP_COPAS_RHO_AT_ZERO] = "zero",
                                        [MTP_COPAS_RHO_AT_BOUND] = "bound",
                                        [MTP_COPAS_RHO_NONE] = "none"};
    json_t *o = mtp_json_object(j);

    mtp_json_put_number(j, o, "prob", fit->prob);
    mtp_json_put_number(j, o, "gamma0", isinf(fit->gamma0) ? MTP_NONE : fit->gamma0);
    mtp_json_put_number(j, o, "gamma1", fit->gamma1);
    mtp_json_put_number(j, o, "unpublished", fit->unpublished);
    mtp_json_put_coefficient(j, o, &mean->value);
    mtp_json_put(j, o, "back", mtp_json_bias_natural(j, &mean->back));
    mtp_json_put_number(j, o, "tau2", fit->tau2);
    mtp_json_put_number(j, o, "rho", fit->rho);
    mtp_json_put_text(j, o, "rho_state", state[fit->rho_state]);
    mtp_json_put_number(j, o, "loglik", fit->loglik);
    mtp_json_put_count(j, o, "modes", fit->n_modes);
    mtp_json_put_number(j, o, "slope", fit->slope);
    mtp_json_put(j, o, "residual", mtp_json_test(j, &fit->residual));
    return o;
}

static json_t *copas(mtp_json *j, const mtp_bias_copas *c)
{
    json_t *o, *path;

    if (!c) {
        return json_null();
    }
    o = mtp_json_object(j);
    path = mtp_json_array(j);
    mtp_json_put_count(j, o, "k", c->result->k);
    mtp_json_put_text(j, o, "side", mtp_side_id(c->result->side));
    mtp_json_put_number(j, o, "sig_level", c->result->options.sig_level);
    mtp_json_put(j, o, "adjusted",
                 c->result->adjusted ? copas_fit(j, c->result->adjusted, &c->adjusted)
                                     : json_null());
    for (size_t i = 0; i < c->result->n_fits; i++) {
        mtp_json_append(j, path, copas_fit(j, &c->result->fits[i], &c->path[i]));
    }
    mtp_json_put(j, o, "path", path);
    return o;
}

void mtp_json_put_bias_models(mtp_json *j, json_t *root, const mtp_bundle *bundle)
{
    const mtp_bias_analysis *a = bundle->bias;

    mtp_json_put(j, root, "selection", selection(j, a->selection));
    mtp_json_put(j, root, "selection_weights", weighted(j, a));
    mtp_json_put(j, root, "lfk", lfk(j, bundle, a->lfk));
    mtp_json_put(j, root, "p_curve", p_curve(j, bundle, a->p_curve));
    mtp_json_put(j, root, "p_uniform", p_uniform(j, a->p_uniform));
    mtp_json_put(j, root, "copas", copas(j, a->copas));
}
