/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json.h"
#include "report/sensitivity_view.h"
#include "report/view.h"

static bool has(const mtp_sensitivity_analysis *s, mtp_sensitivity analysis)
{
    return (s->made & (1u << analysis)) != 0;
}

void mtp_json_put_subset(mtp_json *j, json_t *o, const mtp_subset_estimate *e)
{
    json_t *back = mtp_json_object(j);

    mtp_json_put_number(j, o, "estimate", e->estimate);
    mtp_json_put_number(j, o, "se", e->se);
    mtp_json_put_number(j, o, "statistic", e->statistic);
    mtp_json_put_number(j, o, "df", e->df);
    mtp_json_put_number(j, o, "p", e->p);
    mtp_json_put_number(j, o, "log_p", e->log_p);
    mtp_json_put_number(j, o, "ci_lower", e->ci_lower);
    mtp_json_put_number(j, o, "ci_upper", e->ci_upper);
    mtp_json_put_number(j, o, "pi_lower", e->pi_lower);
    mtp_json_put_number(j, o, "pi_upper", e->pi_upper);
    mtp_json_put_number(j, back, "estimate", e->back.estimate);
    mtp_json_put_number(j, back, "ci_lower", e->back.ci_lower);
    mtp_json_put_number(j, back, "ci_upper", e->back.ci_upper);
    mtp_json_put_number(j, back, "pi_lower", e->back.pi_lower);
    mtp_json_put_number(j, back, "pi_upper", e->back.pi_upper);
    mtp_json_put(j, o, "back", back);
}

/* Fit i of a list: its figures, and whether it concludes otherwise. */
static void put_fit(mtp_json *j, json_t *o, const mtp_bundle *bundle,
                    const mtp_subset_fits *fits, size_t i)
{
    const mtp_subset_fit *fit = &fits->fit[i];
    json_t *common = mtp_json_object(j);
    bool known = mtp_view_side_of(bundle, &fits->all) != MTP_SIDE_UNKNOWN &&
                 mtp_view_side_of(bundle, fit) != MTP_SIDE_UNKNOWN;

    mtp_json_put_count(j, o, "k", fit->k);
    mtp_json_put_subset(j, o, mtp_view_told(bundle, fit));
    mtp_json_put_subset(j, common, &fit->common);
    mtp_json_put(j, o, "common", common);
    mtp_json_put_number(j, o, "Q", fit->Q);
    mtp_json_put_number(j, o, "Q_df", fit->df);
    mtp_json_put_number(j, o, "Q_p", fit->Q_p);
    mtp_json_put_number(j, o, "tau2", fit->tau2);
    mtp_json_put_number(j, o, "I2", fit->I2);
    mtp_json_put_number(j, o, "H2", fit->H2);
    mtp_json_put_number(j, o, "I2_Q", fit->I2_Q);
    mtp_json_put(j, o, "changes_conclusion",
                 known ? mtp_json_flag(j, mtp_view_changes(bundle, fits, i))
                       : mtp_json_text(j, NULL));
}

/* The coefficients of a regression; of a pooled mean none. */
static json_t *coefficients(mtp_json *j, const mtp_bundle *bundle,
                            const double estimate[], const double se[])
{
    const mtp_regression *r = bundle->regression;
    json_t *list = mtp_json_array(j);

    for (size_t c = 0; r && c < r->fit->p; c++) {
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "term", r->fit->coefficient[c].name);
        mtp_json_put_number(j, o, "estimate", estimate[c]);
        mtp_json_put_number(j, o, "se", se[c]);
        mtp_json_append(j, list, o);
    }
    return list;
}

/* A regression without study i. */
static json_t *regression_without(mtp_json *j, const mtp_bundle *bundle, size_t i)
{
    const mtp_study_influence *s = &bundle->sensitivity->influence->study[i];
    json_t *o = mtp_json_object(j);

    mtp_json_put_text(j, o, "study", bundle->studies[i].name);
    mtp_json_put_count(j, o, "k", bundle->n_studies - 1);
    mtp_json_put(j, o, "coefficients",
                 coefficients(j, bundle, s->estimate_del, s->se_del));
    mtp_json_put_number(j, o, "Q", s->Q_del);
    mtp_json_put_number(j, o, "tau2", s->tau2_del);
    return o;
}

static json_t *leave_one_out(mtp_json *j, const mtp_bundle *bundle)
{
    const mtp_subset_fits *fits = bundle->sensitivity->leave_one_out;
    json_t *list;

    if (!has(bundle->sensitivity, MTP_SENSITIVITY_LEAVE_ONE_OUT)) {
        return json_null();
    }
    list = mtp_json_array(j);
    for (size_t i = 0; bundle->regression && i < bundle->n_studies; i++) {
        mtp_json_append(j, list, regression_without(j, bundle, i));
    }
    for (size_t i = 0; fits && i < fits->n; i++) {
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "study", mtp_view_left_out(bundle, i));
        put_fit(j, o, bundle, fits, i);
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *leave_two_out(mtp_json *j, const mtp_bundle *bundle)
{
    const mtp_subset_fits *fits = bundle->sensitivity->leave_two_out;
    json_t *list;

    if (!fits) {
        return json_null();
    }
    list = mtp_json_array(j);
    for (size_t i = 0; i < fits->n; i++) {
        json_t *o = mtp_json_object(j), *pair = mtp_json_array(j);

        for (size_t s = 0; s < 2; s++) {
            const mtp_study *study = &bundle->studies[fits->pair[2 * i + s]];

            mtp_json_append(j, pair, mtp_json_text(j, study->name));
        }
        mtp_json_put(j, o, "studies", pair);
        put_fit(j, o, bundle, fits, i);
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *cumulative(mtp_json *j, const mtp_bundle *bundle)
{
    const mtp_subset_fits *fits = bundle->sensitivity->cumulative;
    json_t *list;

    if (!fits) {
        return json_null();
    }
    list = mtp_json_array(j);
    for (size_t i = 0; i < fits->n; i++) {
        json_t *o = mtp_json_object(j), *added = mtp_json_array(j);
        const char *last = NULL;

        for (size_t s = mtp_view_entering(bundle, i, 0); s < bundle->n_studies;
             s = mtp_view_entering(bundle, i, s + 1)) {
            last = bundle->studies[s].name;
            mtp_json_append(j, added, mtp_json_text(j, last));
        }
        mtp_json_put_text(j, o, "study", last);
        mtp_json_put(j, o, "added", added);
        mtp_json_put_text(j, o, "order", bundle->sensitivity->order_name[i]);
        put_fit(j, o, bundle, fits, i);
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *rules_met(mtp_json *j, const mtp_study_influence *s)
{
    json_t *list = mtp_json_array(j);

    for (int rule = 0; rule < MTP_INFLUENCE_RULE_COUNT; rule++) {
        if (s->flags & (1u << rule)) {
            mtp_json_append(
                j, list,
                mtp_json_text(j, mtp_influence_rule_id((mtp_influence_rule)rule)));
        }
    }
    return list;
}

static json_t *influence_of(mtp_json *j, const mtp_bundle *bundle, size_t i)
{
    const mtp_influence_result *r = bundle->sensitivity->influence;
    const mtp_study_influence *s = &r->study[i];
    json_t *o = mtp_json_object(j), *dfbetas = mtp_json_array(j);

    for (size_t c = 0; c < r->p; c++) {
        mtp_json_append(j, dfbetas, mtp_json_number(j, s->dfbetas[c]));
    }
    mtp_json_put_text(j, o, "study", bundle->studies[i].name);
    mtp_json_put_number(j, o, "rstudent", s->rstudent);
    mtp_json_put_number(j, o, "dffits", s->dffits);
    mtp_json_put_number(j, o, "cooks_d", s->cooks_d);
    mtp_json_put_number(j, o, "cov_r", s->cov_r);
    mtp_json_put_number(j, o, "tau2_del", s->tau2_del);
    mtp_json_put_number(j, o, "Q_del", s->Q_del);
    mtp_json_put_number(j, o, "hat", s->hat);
    mtp_json_put_number(j, o, "weight", s->weight);
    mtp_json_put(j, o, "dfbetas", dfbetas);
    mtp_json_put(j, o, "influential", mtp_json_flag(j, s->influential));
    mtp_json_put(j, o, "rules", rules_met(j, s));
    return o;
}

/* A point of a plot: names of its coordinates, and where they lie in a study. */
static json_t *point(mtp_json *j, const mtp_bundle *bundle, size_t i, double x,
                     const char *second, double y)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_text(j, o, "study", bundle->studies[i].name);
    mtp_json_put_number(j, o, "x", x);
    mtp_json_put_number(j, o, second, y);
    return o;
}

static json_t *baujat(mtp_json *j, const mtp_bundle *bundle, size_t i)
{
    const mtp_study_influence *s = &bundle->sensitivity->influence->study[i];

    return point(j, bundle, i, s->baujat_x, "y", s->baujat_y);
}

static json_t *radial(mtp_json *j, const mtp_bundle *bundle, size_t i)
{
    const mtp_study_influence *s = &bundle->sensitivity->influence->study[i];

    return point(j, bundle, i, s->radial_x, "z", s->radial_z);
}

/* A list with an entry for each study; null where it was not asked for. */
static json_t *by_study(mtp_json *j, const mtp_bundle *bundle, mtp_sensitivity analysis,
                        json_t *(*one)(mtp_json *, const mtp_bundle *, size_t))
{
    json_t *list;

    if (!has(bundle->sensitivity, analysis)) {
        return json_null();
    }
    list = mtp_json_array(j);
    for (size_t i = 0; i < bundle->n_studies; i++) {
        mtp_json_append(j, list, one(j, bundle, i));
    }
    return list;
}

/* The inverse-variance fit that influence is of, and its rules. */
static json_t *influence_fit(mtp_json *j, const mtp_bundle *bundle)
{
    const mtp_influence_result *r = bundle->sensitivity->influence;
    json_t *o, *rules;

    if (!r) {
        return json_null();
    }
    o = mtp_json_object(j);
    rules = mtp_json_object(j);
    for (int rule = 0; rule < MTP_INFLUENCE_RULE_COUNT; rule++) {
        mtp_json_put_text(j, rules, mtp_influence_rule_id((mtp_influence_rule)rule),
                          mtp_influence_rule_label((mtp_influence_rule)rule));
    }
    mtp_json_put_text(j, o, "tau2_method", mtp_tau2_id(bundle->sensitivity->tau2));
    mtp_json_put_number(j, o, "tau2", r->tau2);
    mtp_json_put_number(j, o, "Q", r->Q);
    mtp_json_put_number(j, o, "estimate", r->p == 1 ? r->estimate[0] : MTP_NONE);
    mtp_json_put_number(j, o, "se", r->p == 1 ? r->se[0] : MTP_NONE);
    mtp_json_put(j, o, "coefficients", coefficients(j, bundle, r->estimate, r->se));
    mtp_json_put(j, o, "rules", rules);
    return o;
}

static json_t *regression(mtp_json *j, const mtp_bundle *bundle)
{
    json_t *o;

    if (!bundle->regression) {
        return json_null();
    }
    o = mtp_json_object(j);
    mtp_json_put_regress(j, o, bundle);
    return o;
}

void mtp_json_put_sensitivity(mtp_json *j, json_t *root, const mtp_bundle *bundle)
{
    const mtp_sensitivity_analysis *s = bundle->sensitivity;
    const mtp_pool_result *pool = bundle->pool;

    mtp_json_put_count(j, root, "k", bundle->n_studies);
    mtp_json_put(j, root, "overall",
                 pool ? mtp_json_pooled(j, NULL, &pool->overall) : json_null());
    mtp_json_put(j, root, "regression", regression(j, bundle));
    mtp_json_put_text(j, root, "mean", !pool ? NULL : s->common ? "common" : "random");
    mtp_json_put_text(j, root, "leave_one_out_by", s->group);
    mtp_json_put(j, root, "leave_one_out", leave_one_out(j, bundle));
    mtp_json_put(j, root, "leave_two_out", leave_two_out(j, bundle));
    mtp_json_put(j, root, "cumulative", cumulative(j, bundle));
    mtp_json_put(j, root, "influence_fit", influence_fit(j, bundle));
    mtp_json_put(j, root, "influence",
                 by_study(j, bundle, MTP_SENSITIVITY_INFLUENCE, influence_of));
    mtp_json_put(j, root, "baujat",
                 by_study(j, bundle, MTP_SENSITIVITY_BAUJAT, baujat));
    mtp_json_put(j, root, "radial",
                 by_study(j, bundle, MTP_SENSITIVITY_RADIAL, radial));
    mtp_json_put(j, root, "gosh", mtp_json_gosh(j, bundle));
    mtp_json_put(j, root, "fragility", mtp_json_fragility(j, bundle));
    mtp_json_put(j, root, "blup", mtp_json_blup(j, bundle));
}
