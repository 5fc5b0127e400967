/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "effects/columns.h"
#include "report/builders.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

/* The columns of a table whose headers are ids alone. */
static void begin_table(mtp_document *doc, size_t n, const char *const id[])
{
    mtp_doc_column column[MTP_DOC_COLUMNS_MAX];

    for (size_t i = 0; i < n; i++) {
        column[i] = (mtp_doc_column){id[i], id[i], false, false};
    }
    mtp_doc_table(doc, n, column);
}

/* One row being filled, a number or text at a time. */
static void add_number(mtp_doc_cell **at, double value)
{
    *(*at)++ = mtp_doc_cell_number(MTP_DOC_NUMBER, value);
}

static void add_text(mtp_doc_cell **at, const char *text)
{
    *(*at)++ = mtp_doc_cell_text(text);
}

static const char *const pool_columns[] = {"group",
                                           "model",
                                           "k",
                                           "events",
                                           "n",
                                           "time",
                                           "estimate",
                                           "se",
                                           "ci_lower",
                                           "ci_upper",
                                           "pi_lower",
                                           "pi_upper",
                                           "statistic",
                                           "df",
                                           "p",
                                           "log_p",
                                           "natural_estimate",
                                           "natural_ci_lower",
                                           "natural_ci_upper",
                                           "natural_pi_lower",
                                           "natural_pi_upper",
                                           "Q",
                                           "Q_df",
                                           "Q_p",
                                           "tau2",
                                           "tau2_ci_lower",
                                           "tau2_ci_upper",
                                           "I2",
                                           "H2",
                                           "method",
                                           "tau2_method",
                                           "ci_method",
                                           "pi_method"};

static void add_estimate(mtp_doc_cell **at, const mtp_estimate *e)
{
    add_number(at, e->estimate);
    add_number(at, e->ci.se);
    add_number(at, e->ci.lower);
    add_number(at, e->ci.upper);
    add_number(at, e->pi.lower);
    add_number(at, e->pi.upper);
    add_number(at, e->ci.statistic);
    add_number(at, e->ci.df);
    add_number(at, e->ci.p);
    add_number(at, e->ci.log_p);
    add_number(at, e->back.estimate);
    add_number(at, e->back.ci_lower);
    add_number(at, e->back.ci_upper);
    add_number(at, e->back.pi_lower);
    add_number(at, e->back.pi_upper);
}

static void add_heterogeneity(mtp_doc_cell **at, const mtp_heterogeneity *h)
{
    bool ok = h->ci.status == MTP_SET_OK;

    add_number(at, h->Q);
    add_number(at, h->df);
    add_number(at, h->p);
    add_number(at, h->tau2);
    add_number(at, ok ? h->ci.tau2[0] : MTP_NONE);
    add_number(at, ok ? h->ci.tau2[1] : MTP_NONE);
    add_number(at, h->I2);
    add_number(at, h->H2);
}

/* A row: the counts and the heterogeneity of the set stand beside both its models. */
static void add_pooled(mtp_document *doc, const char *group, const char *model,
                       const mtp_pooled *p, const mtp_estimate *e)
{
    mtp_doc_cell *at = mtp_doc_row_new(doc);

    add_text(&at, group);
    add_text(&at, model);
    add_number(&at, (double)p->k);
    add_number(&at, p->events);
    add_number(&at, p->n);
    add_number(&at, p->time);
    add_estimate(&at, e);
    add_heterogeneity(&at, &p->heterogeneity);
    add_text(&at, mtp_method_id(p->fit.method));
    add_text(&at, p->fit.method == MTP_METHOD_BETABINOMIAL
                      ? NULL
                      : mtp_tau2_id(p->fit.tau2_method));
    add_text(&at, !isnan(e->estimate) ? mtp_ci_id(e->ci.method) : NULL);
    add_text(&at, !isnan(e->estimate) ? mtp_pi_id(e->pi.method) : NULL);
}

static void add_set(mtp_document *doc, const char *group, const mtp_pooled *pooled)
{
    mtp_pooled p = mtp_view_pooled(pooled);

    add_pooled(doc, group, "common", &p, &p.common);
    add_pooled(doc, group, "random", &p, &p.random);
}

static void build_pool(mtp_document *doc, const mtp_pool_result *pool)
{
    begin_table(doc, sizeof pool_columns / sizeof *pool_columns, pool_columns);
    add_set(doc, NULL, &pool->overall);
    for (size_t g = 0; g < pool->n_groups; g++) {
        add_set(doc, pool->group_name[g], &pool->groups[g]);
    }
}

/* Whether a column of raw data stands under its name among the first columns. */
static bool has_column(mtp_role role)
{
    return role == MTP_ROLE_EVENTS || role == MTP_ROLE_N || role == MTP_ROLE_TIME ||
           role == MTP_ROLE_YI || role == MTP_ROLE_VI || role == MTP_ROLE_SEI;
}

static const char *raw_key(mtp_document *doc, mtp_role role)
{
    char key[MTP_ROLE_KEY];
    const char *text = mtp_arena_strdup(doc->arena, mtp_role_key(role, key));

    doc->failed = doc->failed || !text;
    return text ? text : "";
}

enum { EFFECT_COLUMNS = 8 };

/* The columns that every measure has, then the raw data of this one. */
static void build_effects(mtp_document *doc, const mtp_bundle *bundle)
{
    const char *id[EFFECT_COLUMNS + MTP_ROLE_COUNT] = {"row", "study",  "yi", "vi",
                                                       "sei", "events", "n",  "time"};
    size_t n = EFFECT_COLUMNS;

    for (size_t r = 0; r < bundle->n_raw; r++) {
        if (!has_column(bundle->raw_role[r])) {
            id[n++] = raw_key(doc, bundle->raw_role[r]);
        }
    }
    begin_table(doc, n, id);
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study *study = &bundle->studies[i];
        mtp_doc_cell *at = mtp_doc_row_new(doc);

        add_number(&at, (double)study->row);
        add_text(&at, study->name);
        add_number(&at, study->yi);
        add_number(&at, study->vi);
        add_number(&at, study->sei);
        add_number(&at, study->events);
        add_number(&at, study->n);
        add_number(&at, study->time);
        for (size_t r = 0; r < bundle->n_raw; r++) {
            if (!has_column(bundle->raw_role[r])) {
                add_number(&at, study->raw[r]);
            }
        }
    }
}

static void add_shares(mtp_document *doc, const mtp_composition *c,
                       const mtp_composition_group *group)
{
    for (size_t i = 0; i < c->n_categories; i++) {
        const mtp_share *share = &group->share[i];
        mtp_doc_cell *at = mtp_doc_row_new(doc);

        add_text(&at, group->level);
        add_text(&at, c->category[i]);
        add_number(&at, share->count);
        add_number(&at, share->share);
        add_number(&at, share->wilson[0]);
        add_number(&at, share->wilson[1]);
        add_number(&at, share->goodman[0]);
        add_number(&at, share->goodman[1]);
        add_number(&at, share->residual);
    }
}

static void build_composition(mtp_document *doc, const mtp_composition *c)
{
    static const char *const id[] = {"group",         "category",      "count",
                                     "share",         "wilson_lower",  "wilson_upper",
                                     "goodman_lower", "goodman_upper", "residual"};

    begin_table(doc, sizeof id / sizeof *id, id);
    add_shares(doc, c, &c->total);
    for (size_t g = 0; g < c->n_groups; g++) {
        add_shares(doc, c, &c->group[g]);
    }
}

static const char *const regress_columns[] = {"term",
                                              "estimate",
                                              "se",
                                              "statistic",
                                              "df",
                                              "p",
                                              "log_p",
                                              "ci_lower",
                                              "ci_upper",
                                              "ratio",
                                              "ratio_ci_lower",
                                              "ratio_ci_upper",
                                              "vif",
                                              "permutation_p",
                                              "k",
                                              "tau2",
                                              "tau2_se",
                                              "tau2_ci_lower",
                                              "tau2_ci_upper",
                                              "I2",
                                              "H2",
                                              "R2",
                                              "Q",
                                              "Q_df",
                                              "Q_p",
                                              "omnibus",
                                              "omnibus_df1",
                                              "omnibus_df2",
                                              "omnibus_p",
                                              "method",
                                              "tau2_method",
                                              "ci_method",
                                              "robust"};

static double vif_of(const mtp_regress_result *fit, const char *name)
{
    for (size_t i = 0; i < fit->n_vif; i++) {
        if (fit->vif[i].columns == 1 && strcmp(fit->vif[i].name, name) == 0) {
            return fit->vif[i].vif;
        }
    }
    return MTP_NONE;
}

/* What belongs to the model stands beside each of its coefficients. */
static void add_regression(mtp_doc_cell **at, const mtp_regress_result *fit)
{
    const mtp_heterogeneity *h = &fit->heterogeneity;
    bool ok = h->ci.status == MTP_SET_OK;

    add_number(at, (double)fit->k);
    add_number(at, h->tau2);
    add_number(at, h->tau2_se);
    add_number(at, ok ? h->ci.tau2[0] : MTP_NONE);
    add_number(at, ok ? h->ci.tau2[1] : MTP_NONE);
    add_number(at, h->I2);
    add_number(at, h->H2);
    add_number(at, fit->R2);
    add_number(at, h->Q);
    add_number(at, h->df);
    add_number(at, h->p);
    add_number(at, fit->omnibus.statistic);
    add_number(at, fit->omnibus.df);
    add_number(at, fit->omnibus.df2);
    add_number(at, fit->omnibus.p);
    add_text(at, mtp_method_id(fit->fit.method));
    add_text(at, mtp_tau2_id(fit->fit.tau2_method));
    add_text(at, mtp_ci_id(fit->options.ci));
    add_text(at, mtp_robust_id(fit->robust));
}

/* One row a coefficient. */
static void build_regress(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_regress_result *fit = bundle->regression->fit;

    begin_table(doc, sizeof regress_columns / sizeof *regress_columns, regress_columns);
    for (size_t i = 0; i < fit->p; i++) {
        const mtp_coefficient *c = &fit->coefficient[i];
        bool ratio = mtp_view_is_ratio(bundle, i);
        mtp_doc_cell *at = mtp_doc_row_new(doc);

        add_text(&at, c->name);
        add_number(&at, c->estimate);
        add_number(&at, c->se);
        add_number(&at, c->statistic);
        add_number(&at, c->df);
        add_number(&at, c->p);
        add_number(&at, c->log_p);
        add_number(&at, c->ci_lower);
        add_number(&at, c->ci_upper);
        add_number(&at, ratio ? exp(c->estimate) : MTP_NONE);
        add_number(&at, ratio ? exp(c->ci_lower) : MTP_NONE);
        add_number(&at, ratio ? exp(c->ci_upper) : MTP_NONE);
        add_number(&at, vif_of(fit, c->name));
        add_number(&at, fit->permutation ? fit->permutation->p[i] : MTP_NONE);
        add_regression(&at, fit);
    }
}

void mtp_build_csv(mtp_document *doc, const mtp_bundle *bundle)
{
    if (bundle->rounding) {
        mtp_build_csv_rounding(doc, bundle);
        return;
    }
    switch (bundle->command) {
    case MTP_COMMAND_EFFECTS:
        build_effects(doc, bundle);
        break;
    case MTP_COMMAND_COMPOSITION:
        build_composition(doc, bundle->composition);
        break;
    case MTP_COMMAND_REGRESS:
    case MTP_COMMAND_BUBBLE:
        build_regress(doc, bundle);
        break;
    case MTP_COMMAND_BIAS:
        mtp_build_csv_bias(doc, bundle);
        break;
    case MTP_COMMAND_SENSITIVITY:
        mtp_build_sensitivity_csv(doc, bundle);
        break;
    case MTP_COMMAND_COMPARE:
        mtp_build_csv_compare(doc, bundle->comparison);
        break;
    default:
        build_pool(doc, bundle->pool);
        break;
    }
}
