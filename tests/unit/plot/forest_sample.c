/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/plot/forest_sample.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static const double none = (double)NAN;

/* Numbers in [0, 1), the same in every run: Knuth's MMIX generator, upper bits. */
static double next_uniform(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 40) / (double)(1 << 24);
}

static const char *study_name(mtp_arena *arena, sample_names names, size_t i)
{
    static const char *const unicode[] = {
        "M\xC3\xBCller & S\xC3\xB8rensen",
        "\xC5\xBB\xC3\xB3\xC5\x82\xC4\x87 <2021>",
        "\xE7\x94\xB0\xE4\xB8\xAD \xE8\xAA\xA0 \xE4\xBB\x96",
        "\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD\xD0\xBE\xD0\xB2 \xD0\xB8 \xD1\x81\xD0\xBE\xD0"
        "\xB0\xD0\xB2\xD1\x82\xD0\xBE\xD1\x80\xD1\x8B",
        "\xCE\xA0\xCE\xB1\xCF\x80\xCE\xB1\xCE\xB4\xCF\x8C\xCF\x80\xCE\xBF\xCF\x85\xCE"
        "\xBB\xCE\xBF\xCF\x82 \"a, b\"",
    };

    switch (names) {
    case NAMES_LONG:
        return mtp_arena_printf(
            arena,
            "The International Collaborative Group %zu on the Follow-up of Patients "
            "after"
            " Treatment with Chimeric Antigen Receptor T Cells, "
            "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamten"
            "gesellschaft",
            i);
    case NAMES_UNICODE:
        return mtp_arena_printf(arena, "%s %zu", unicode[i % 5], 2000 + i);
    case NAMES_PLAIN:
        break;
    }
    return mtp_arena_printf(arena, "Author %zu", i + 1);
}

static double unit_of(const sample_wish *wish)
{
    return wish->unit > 0.0 ? wish->unit : 1.0;
}

/* A proportion or a rate, as it is observed. */
static void observe(mtp_study *study, mtp_measure measure)
{
    study->observed.estimate =
        study->events / (isnan(study->n) ? study->time : study->n);
    if (mtp_measure_get(measure)->input == MTP_INPUT_EVENTS_TIME) {
        study->observed.ci_method = "poisson-exact";
        mtp_poisson_interval(study->events, study->time, 0.95,
                             &study->observed.ci_lower, &study->observed.ci_upper);
    } else {
        study->observed.ci_method = "wilson";
        mtp_wilson_interval(study->events, study->n, 0.95, &study->observed.ci_lower,
                            &study->observed.ci_upper);
    }
}

static void make_study(const sample_wish *wish, uint64_t *state, mtp_study *study)
{
    double u = next_uniform(state), size = exp(3.0 + 4.0 * next_uniform(state));
    mtp_input_kind input = mtp_measure_get(wish->measure)->input;

    study->events = study->n = study->time = none;
    study->observed.estimate = study->observed.ci_lower = study->observed.ci_upper =
        none;
    study->weight_common = study->weight_random = wish->glmm ? none : size;
    study->back.estimate = unit_of(wish) * (3.0 * u - 1.0);
    study->back.ci_lower = study->back.estimate - unit_of(wish) * 10.0 / sqrt(size);
    study->back.ci_upper = study->back.estimate + unit_of(wish) * 10.0 / sqrt(size);
    if (input == MTP_INPUT_GENERIC) {
        return;
    }
    size = floor(wish->wide && u < 0.1 ? 2.0 : size);
    study->events = floor(0.15 * u * size);
    if (input == MTP_INPUT_EVENTS_TIME) {
        study->time = size + 0.5;
    } else {
        study->n = size;
    }
    observe(study, wish->measure);
}

static mtp_estimate make_estimate(const sample_wish *wish, double at, bool random)
{
    double half = random ? 0.3 : 0.2;
    mtp_estimate e = {.estimate = at, .null_value = none};

    e.ci.method = random && !wish->glmm ? MTP_CI_HKSJ : MTP_CI_WALD;
    e.pi.method = random && !wish->no_prediction ? MTP_PI_HK : MTP_PI_NONE;
    e.back.estimate = at;
    e.back.ci_lower = at * (1.0 - half);
    e.back.ci_upper = at * (1.0 + half);
    e.back.pi_lower = e.pi.method == MTP_PI_NONE ? none : 0.4 * at;
    e.back.pi_upper = e.pi.method == MTP_PI_NONE ? none : 2.5 * at;
    if (wish->wide && random) {
        e.back.ci_lower =
            isfinite(mtp_measure_get(wish->measure)->lower) ? 0.0 : -1e308;
        e.back.ci_upper = mtp_measure_get(wish->measure)->upper;
        e.back.pi_upper = e.back.ci_upper;
    }
    return e;
}

static mtp_estimate no_estimate(void)
{
    mtp_estimate e = {.estimate = none, .null_value = none};

    e.back.estimate = e.back.ci_lower = e.back.ci_upper = none;
    e.back.pi_lower = e.back.pi_upper = none;
    return e;
}

static mtp_pooled make_pooled(const sample_wish *wish, size_t k, double at, bool exists)
{
    mtp_pooled pooled = {
        .k = k, .events = 0.0, .n = 0.0, .time = 0.0, .exists = exists};
    mtp_heterogeneity *h = &pooled.heterogeneity;

    at *= unit_of(wish);
    pooled.common = exists ? make_estimate(wish, 1.1 * at, false) : no_estimate();
    pooled.random = exists ? make_estimate(wish, at, true) : no_estimate();
    *h = (mtp_heterogeneity){.Q = 126.04,
                             .df = (double)k - 1.0,
                             .p = 3.5e-8,
                             .tau2 = k > 1 && exists ? 0.2254 : none,
                             .I2 = 72.6,
                             .LRT = wish->glmm ? 150.25 : none,
                             .LRT_df = (double)k - 1.0,
                             .LRT_p = 0.0123};
    pooled.fit = (mtp_fit){.method = wish->glmm ? MTP_METHOD_GLMM : MTP_METHOD_INVERSE,
                           .tau2_method = wish->glmm ? MTP_TAU2_ML : MTP_TAU2_REML,
                           .model = wish->glmm ? "binomial-normal" : "normal-normal",
                           .nodes = wish->glmm ? 7 : -1};
    return pooled;
}

/* The weights of all studies in percent, and the sums of each set of studies. */
static void add_up(sample *s, size_t k, size_t groups)
{
    mtp_pooled *overall = &s->pool.overall;
    double weight = 0.0;

    for (size_t i = 0; i < k; i++) {
        weight += s->study[i].weight_random;
    }
    for (size_t i = 0; i < k; i++) {
        mtp_study *study = &s->study[i];
        mtp_pooled *set[] = {overall, groups > 0 ? &s->group[i % groups] : overall};

        study->weight_common *= 100.0 / weight;
        study->weight_random *= 100.0 / weight;
        for (size_t j = 0; j < (groups > 0 ? 2U : 1U); j++) {
            set[j]->events += study->events;
            set[j]->n += study->n;
            set[j]->time += study->time;
        }
    }
}

static void make_groups(sample *s, const sample_wish *wish)
{
    const char **name = MTP_ARENA_ARRAY(s->arena, wish->groups + 1, const char *);

    s->group = MTP_ARENA_ARRAY(s->arena, wish->groups + 1, mtp_pooled);
    for (size_t g = 0; g < wish->groups; g++) {
        size_t k = wish->k / wish->groups + (g < wish->k % wish->groups);

        name[g] = mtp_arena_printf(s->arena, "Group %zu", g + 1);
        s->group[g] =
            make_pooled(wish, k, 0.05 + 0.02 * (double)g, !wish->no_estimate || g > 0);
    }
    s->pool.n_groups = wish->groups;
    s->pool.groups = s->group;
    s->pool.group_name = name;
    s->pool.between.random =
        (mtp_test){.statistic = wish->groups > 1 ? 9.26 : none, .df = 2.0, .p = 0.0259};
    s->pool.between.random.df2 = none;
    s->pool.between.common = s->pool.between.within = s->pool.between.random;
}

/* Of the studies, then of the excluded rows. */
static void make_columns(sample *s, size_t k, size_t excluded)
{
    mtp_forest_shown *left = MTP_ARENA_ARRAY(s->arena, 2, mtp_forest_shown);
    mtp_forest_shown *right = MTP_ARENA_ARRAY(s->arena, 3, mtp_forest_shown);
    const char **name = MTP_ARENA_ARRAY(s->arena, k + excluded, const char *);
    const char **row = MTP_ARENA_ARRAY(s->arena, k + excluded, const char *);

    for (size_t i = 0; i < k + excluded; i++) {
        name[i] = i % 5 == 4 ? NULL
                  : i < k    ? s->study[i].name
                             : s->bundle.ledger.excluded[i - k].study;
        row[i] = mtp_arena_printf(s->arena, "%zu", i + 1);
    }
    left[0] = (mtp_forest_shown){.shown = MTP_SHOWN_COLUMN,
                                 .name = "The name of the study once more, in full",
                                 .text = name};
    left[1] = (mtp_forest_shown){
        .shown = MTP_SHOWN_COLUMN, .name = "row", .text = row, .is_number = true};
    right[0] = (mtp_forest_shown){.shown = MTP_SHOWN_EFFECT, .name = "effect"};
    right[1] = (mtp_forest_shown){.shown = MTP_SHOWN_WEIGHT_COMMON, .name = "c"};
    right[2] = (mtp_forest_shown){.shown = MTP_SHOWN_WEIGHT_RANDOM, .name = "r"};
    s->look.left = (mtp_forest_side){true, 2, left};
    s->look.right = (mtp_forest_side){true, 3, right};
}

static void make_domains(sample *s, const sample_wish *wish)
{
    mtp_forest_rob *domain = MTP_ARENA_ARRAY(s->arena, wish->domains, mtp_forest_rob);

    for (size_t d = 0; d < wish->domains; d++) {
        mtp_rob *level = MTP_ARENA_ARRAY(s->arena, wish->k + wish->excluded, mtp_rob);

        for (size_t i = 0; i < wish->k + wish->excluded; i++) {
            level[i] = (mtp_rob)((i + d) % MTP_ROB_COUNT);
        }
        domain[d].name = mtp_arena_printf(
            s->arena, wish->names == NAMES_LONG ? "Bias of domain number %zu" : "D%zu",
            d + 1);
        domain[d].level = level;
    }
    s->look.rob = domain;
    s->look.n_rob = wish->domains;
}

static void make_fits(sample *s, const sample_wish *wish)
{
    mtp_subset_fit *fit = MTP_ARENA_ARRAY(s->arena, wish->k, mtp_subset_fit);

    for (size_t i = 0; i < wish->k; i++) {
        double at = 0.07 * (1.0 + 0.01 * (double)i);

        fit[i] = (mtp_subset_fit){.k = wish->k - 1, .exists = true};
        fit[i].random.back.estimate = at;
        fit[i].random.back.ci_lower = 0.8 * at;
        fit[i].random.back.ci_upper = 1.2 * at;
        fit[i].tau2 = 0.1 + 0.01 * (double)i;
        fit[i].I2 = 50.0 + 0.1 * (double)i;
    }
    s->fits.n = wish->k;
    s->fits.fit = fit;
    s->sensitivity.leave_one_out = &s->fits;
    s->bundle.sensitivity = &s->sensitivity;
}

/* Rows that were left out: by turns without a value and without information, of the
 * groups and of one more. */
static void make_excluded(sample *s, const sample_wish *wish)
{
    mtp_excluded *row = MTP_ARENA_ARRAY(s->arena, wish->excluded, mtp_excluded);
    double *value = MTP_ARENA_ARRAY(s->arena, MTP_ROLE_COUNT, double);

    for (size_t r = 0; r < MTP_ROLE_COUNT; r++) {
        value[r] = none;
    }
    for (size_t i = 0; i < wish->excluded; i++) {
        size_t g = i % (wish->groups + 1);

        row[i] = (mtp_excluded){.row = 2 * i + 1,
                                .study = study_name(s->arena, wish->names, 100 + i),
                                .code = i % 3 == 1 ? "missing" : "no_information",
                                .reason = "",
                                .group = wish->groups == 0  ? NULL
                                         : g < wish->groups ? s->pool.group_name[g]
                                                            : "nothing pooled",
                                .events = i % 3 == 1 ? none : 0.0,
                                .n = i % 3 == 1 ? none : 50.0,
                                .time = none,
                                .value = i % 3 == 1 ? NULL : value};
    }
    s->bundle.ledger.excluded = row;
    s->bundle.ledger.n_excluded = wish->excluded;
}

sample *sample_new(const sample_wish *wish)
{
    sample *s = calloc(1, sizeof *s);
    uint64_t state = 20240618;

    s->arena = mtp_arena_new();
    s->study = MTP_ARENA_ARRAY(s->arena, wish->k, mtp_study);
    make_groups(s, wish);
    for (size_t i = 0; i < wish->k; i++) {
        size_t row = wish->excluded > 0 ? 2 * i + 2 : i + 1;

        s->study[i] = (mtp_study){.row = row, .line = row + 1};
        s->study[i].name = study_name(s->arena, wish->names, i);
        s->study[i].group =
            wish->groups > 0 ? s->pool.group_name[i % wish->groups] : NULL;
        make_study(wish, &state, &s->study[i]);
    }
    mtp_pool_options_init(&s->pool.options, sizeof s->pool.options);
    s->pool.measure = mtp_measure_get(wish->measure);
    s->pool.k = wish->k;
    s->pool.overall = make_pooled(wish, wish->k, 0.07, !wish->no_estimate);
    add_up(s, wish->k, wish->groups);
    s->bundle = (mtp_bundle){.command = MTP_COMMAND_FOREST,
                             .measure = s->pool.measure,
                             .level = 0.95,
                             .by = wish->groups > 0 ? "product" : NULL,
                             .n_studies = wish->k,
                             .studies = s->study,
                             .pool = &s->pool,
                             .look = &s->look};
    s->look.layout = wish->layout;
    s->look.xlim[0] = s->look.xlim[1] = none;
    s->look.cid[0] = wish->cid ? 0.05 : none;
    s->look.cid[1] = wish->cid ? 0.09 : none;
    if (wish->fits) {
        make_fits(s, wish);
    }
    if (wish->domains > 0) {
        make_domains(s, wish);
    }
    if (wish->favours) { /* of a proportion, the null is the end of the axis */
        s->pool.options.null_value = 0.0;
        s->look.favours[0] = "the treatment that was compared with another one";
        s->look.favours[1] = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk";
    }
    if (wish->excluded > 0) {
        make_excluded(s, wish);
    }
    if (wish->columns) {
        make_columns(s, wish->k, wish->excluded);
    }
    s->bundle.ledger.source = "studies.csv";
    s->bundle.ledger.rows = s->bundle.ledger.used = wish->k;
    return s;
}

void sample_free(sample *s)
{
    if (s) {
        mtp_arena_free(s->arena);
        free(s);
    }
}

bool sample_shows(const sample *s, mtp_forest_kind kind)
{
    bool common =
        kind == MTP_FOREST_SUBGROUP_COMMON || kind == MTP_FOREST_OVERALL_COMMON;

    switch (s->look.layout) {
    case MTP_LAYOUT_SUBGROUP:
        return kind != MTP_FOREST_STUDY && kind != MTP_FOREST_LEFT_OUT &&
               kind != MTP_FOREST_NOT_ESTIMABLE;
    case MTP_LAYOUT_REVMAN5:
    case MTP_LAYOUT_JAMA:
    case MTP_LAYOUT_BMJ:
        return !common;
    default:
        return true;
    }
}
