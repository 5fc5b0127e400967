/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/builders.h"
#include "report/view.h"

#include <math.h>

/* One table a model: what a line of 80 columns can hold. */

static void add_random(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_pool_result *pool = bundle->pool;
    bool counts = mtp_view_has_counts(bundle->measure);
    bool rates = bundle->measure->input == MTP_INPUT_EVENTS_TIME;
    bool rho = pool->options.method == MTP_METHOD_BETABINOMIAL;
    mtp_doc_column column[8] = {{"level", "Subgroup", true, true},
                                {"k", "k", false, false}};
    size_t n = 2;

    if (counts) {
        column[n++] = (mtp_doc_column){"events", "Events", false, false};
        column[n++] = rates ? (mtp_doc_column){"time", "Person-time", false, false}
                            : (mtp_doc_column){"n", "n", false, false};
    }
    column[n++] = (mtp_doc_column){"estimate", "Estimate", false, false};
    column[n++] =
        (mtp_doc_column){"ci", mtp_build_level(doc, bundle, "interval"), false, false};
    column[n++] = rho ? (mtp_doc_column){"rho", "rho", false, false}
                      : (mtp_doc_column){"tau2", "tau^2", false, false};
    column[n++] = rho ? (mtp_doc_column){"rho_se", "SE of rho", false, false}
                      : (mtp_doc_column){"I2", "I^2, %", false, false};
    mtp_doc_heading(doc, "Subgroups, random effects (%s)", bundle->measure->natural);
    mtp_doc_table(doc, n, column);
    for (size_t g = 0; g < pool->n_groups; g++) {
        mtp_pooled p = mtp_view_pooled(&pool->groups[g]);
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        *cell++ = mtp_doc_cell_text(pool->group_name[g]);
        *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, (double)p.k);
        if (counts) {
            *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, p.events);
            *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, rates ? p.time : p.n);
        }
        *cell++ = mtp_build_natural(doc, p.random.back.estimate);
        *cell++ = mtp_build_natural_interval(doc, p.random.back.ci_lower,
                                             p.random.back.ci_upper);
        if (rho) {
            *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, p.fit.rho);
            *cell = mtp_doc_cell_number(MTP_DOC_ESTIMATE, p.fit.rho_se);
            continue;
        }
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, p.heterogeneity.tau2);
        *cell = mtp_doc_cell_number(MTP_DOC_PERCENT, p.heterogeneity.I2);
    }
}

static void add_common(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_pool_result *pool = bundle->pool;
    const mtp_doc_column column[] = {
        {"level", "Subgroup", true, true},
        {"estimate", "Estimate", false, false},
        {"ci", mtp_build_level(doc, bundle, "interval"), false, false},
        {"Q", "Q", false, false},
        {"Q_df", "df", false, false},
        {"Q_p", "p of Q", false, false}};

    mtp_doc_heading(doc, "Subgroups, common effect (%s)", bundle->measure->natural);
    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t g = 0; g < pool->n_groups; g++) {
        mtp_pooled p = mtp_view_pooled(&pool->groups[g]);
        const mtp_heterogeneity *h = &p.heterogeneity;
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        *cell++ = mtp_doc_cell_text(pool->group_name[g]);
        *cell++ = mtp_build_natural(doc, p.common.back.estimate);
        *cell++ = mtp_build_natural_interval(doc, p.common.back.ci_lower,
                                             p.common.back.ci_upper);
        *cell++ = mtp_doc_cell_number(MTP_DOC_STATISTIC, h->Q);
        *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, h->df);
        *cell = mtp_doc_cell_pair(MTP_DOC_P, h->p, h->log_p);
    }
}

/* Whether a subgroup has a prediction interval, and one has an interval of tau2. */
static void find_intervals(const mtp_pool_result *pool, bool *prediction, bool *tau2)
{
    *prediction = *tau2 = false;
    for (size_t g = 0; g < pool->n_groups; g++) {
        mtp_pooled p = mtp_view_pooled(&pool->groups[g]);

        *prediction = *prediction || !isnan(p.random.back.pi_lower);
        *tau2 = *tau2 || p.heterogeneity.ci.status == MTP_SET_OK;
    }
}

static void add_predictions(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_pool_result *pool = bundle->pool;
    mtp_doc_column column[3] = {{"level", "Subgroup", true, true}};
    size_t n = 1;
    bool prediction, tau2;

    find_intervals(pool, &prediction, &tau2);
    if (prediction) {
        column[n++] = (mtp_doc_column){
            "pi", mtp_build_level(doc, bundle, "prediction interval"), false, false};
    }
    if (tau2) {
        column[n++] = (mtp_doc_column){
            "tau2_ci", mtp_build_level(doc, bundle, "interval of tau^2"), false, false};
    }
    if (n == 1) {
        return;
    }
    mtp_doc_heading(doc, "Subgroups, random effects: further intervals");
    mtp_doc_table(doc, n, column);
    for (size_t g = 0; g < pool->n_groups; g++) {
        mtp_pooled p = mtp_view_pooled(&pool->groups[g]);
        const mtp_tau2_interval *ci = &p.heterogeneity.ci;
        bool ok = ci->status == MTP_SET_OK;
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        *cell++ = mtp_doc_cell_text(pool->group_name[g]);
        if (prediction) {
            *cell++ = mtp_build_natural_interval(doc, p.random.back.pi_lower,
                                                 p.random.back.pi_upper);
        }
        if (tau2) {
            *cell = mtp_doc_cell_pair(MTP_DOC_INTERVAL, ok ? ci->tau2[0] : MTP_NONE,
                                      ok ? ci->tau2[1] : MTP_NONE);
        }
    }
}

static void add_tests(mtp_document *doc, const mtp_pool_result *pool)
{
    if (isnan(pool->between.random.statistic) &&
        isnan(pool->between.common.statistic)) {
        return;
    }
    mtp_doc_heading(doc, "Tests between subgroups");
    mtp_doc_entries(doc);
    mtp_build_test(doc, "Random effects", "chi-square", &pool->between.random);
    mtp_build_test(doc, "Common effect", "chi-square", &pool->between.common);
    mtp_build_test(doc, "Within, common effect", "chi-square", &pool->between.within);
}

void mtp_build_groups(mtp_document *doc, const mtp_bundle *bundle)
{
    if (bundle->pool->n_groups > 0) {
        add_random(doc, bundle);
        add_common(doc, bundle);
        add_predictions(doc, bundle);
        add_tests(doc, bundle->pool);
    }
}
