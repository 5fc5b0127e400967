/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/pool.h"

#include "random_data.h"
#include "support/test.h"

#include <stdlib.h>

/* Thousands of random sets of effects by every estimator, interval and prediction: each
 * answers or says why not, and what must not change an answer does not. */

enum {
    SETS = 2000,
    INVARIANT_SETS = 500,
    BOOTSTRAP_SETS = 40,
    DRAWS = 100,
    FIGURES = 16
};

static const double LOOSE = 1e-7;

/* What a run was asked, told when it fails. */
static char asked[256];

static void describe(const random_set *set, const mtp_pool_options *o)
{
    (void)snprintf(asked, sizeof asked,
                   "seed %llu, data set %zu (%s, k = %zu), %s, %s, predict %s, tau2 %s",
                   (unsigned long long)SEED, set->number, random_kind_text(set->kind),
                   set->k, mtp_tau2_id(o->tau2), mtp_ci_id(o->ci),
                   mtp_pi_id(o->predict), mtp_tau2_ci_id(o->tau2_ci));
}

#define REQUIRE(condition)                                                             \
    do {                                                                               \
        if (!(condition)) {                                                            \
            fail_msg("%s: not so: %s", asked, #condition);                             \
        }                                                                              \
    } while (0)

static mtp_pool_options options_of(size_t number)
{
    mtp_random draw = mtp_random_start(SEED + 1, number);
    mtp_pool_options o;

    mtp_pool_options_init(&o, sizeof o);
    o.tau2 = (mtp_tau2_method)mtp_random_below(&draw, MTP_TAU2_COUNT);
    o.tau2_value = 0.1;
    o.ci = (mtp_ci_method)mtp_random_below(&draw, MTP_CI_COUNT);
    o.predict = (mtp_pi_method)mtp_random_below(&draw, MTP_PI_COUNT);
    if (o.predict == MTP_PI_NNF && number > BOOTSTRAP_SETS) {
        o.predict = MTP_PI_AUTO; /* the bootstrap takes its time */
    }
    if (o.ci == MTP_CI_KR || o.predict == MTP_PI_KR || o.predict == MTP_PI_KR_PR) {
        o.tau2 = MTP_TAU2_REML; /* the only one that it is defined for */
    }
    if (o.ci == MTP_CI_ROBUST) {
        o.predict = o.predict == MTP_PI_NONE ? MTP_PI_NONE : MTP_PI_AUTO;
    } else if (o.predict == MTP_PI_ROBUST) {
        o.predict = MTP_PI_AUTO;
    }
    o.tau2_ci = (mtp_tau2_ci_method)mtp_random_below(&draw, MTP_TAU2_CI_COUNT);
    if ((o.tau2 >= MTP_TAU2_EE && o.ci == MTP_CI_PL) ||
        (o.ci == MTP_CI_HC && number % 8 != 0)) {
        o.ci = MTP_CI_WALD; /* no profile of what is not estimated; hc takes its time */
    }
    o.null_value = 0.0;
    o.draws = DRAWS;
    o.seed = SEED;
    return o;
}

static mtp_status pool(const random_set *set, const mtp_pool_options *o,
                       mtp_pool_result **result)
{
    mtp_effects effects = {
        .measure = mtp_measure_get(MTP_GEN), .k = set->k, .yi = set->yi, .vi = set->vi};
    mtp_pool_options clustered = *o;
    size_t own[ROWS_MAX];
    mtp_error err = {0};
    mtp_status status;

    for (size_t i = 0; i < set->k; i++) {
        own[i] = i;
    }
    if (o->ci == MTP_CI_ROBUST) { /* each study a cluster of its own */
        clustered.robust = (mtp_robust_type)(MTP_ROBUST_CR0 + set->number % 3);
        clustered.cluster = own;
        clustered.n_clusters = set->k;
    }
    status = mtp_pool(&effects, NULL, &clustered, result, &err);

    describe(set, o);
    if (status != MTP_OK) {
        REQUIRE(err.message[0] != '\0');
        REQUIRE(err.status == status);
        REQUIRE(status == MTP_E_UNSUPPORTED || status == MTP_E_DATA);
    }
    return status;
}

static bool has_note(const mtp_pool_result *r, mtp_note_code code)
{
    for (size_t i = 0; i < r->notes.count; i++) {
        if (r->notes.item[i].code == code) {
            return true;
        }
    }
    return false;
}

static bool is_probability(double p)
{
    return p >= 0.0 && p <= 1.0;
}

/* A limit is a number; or it is missing or infinite, and a note says so. */
static void check_limits(const mtp_pool_result *r, double lower, double upper)
{
    if (isnan(lower) || isnan(upper)) {
        REQUIRE(isnan(lower) && isnan(upper));
        REQUIRE(r->k == 1 || has_note(r, MTP_NOTE_HKSJ_ZERO_SE) ||
                has_note(r, MTP_NOTE_NOT_DEFINED) ||
                has_note(r, MTP_NOTE_PI_UNDEFINED));
        return;
    }
    REQUIRE(lower <= upper);
    REQUIRE((isfinite(lower) && isfinite(upper)) || has_note(r, MTP_NOTE_UNBOUNDED));
}

static void check_estimate(const mtp_pool_result *r, const mtp_estimate *e)
{
    REQUIRE(isfinite(e->estimate));
    check_limits(r, e->ci.lower, e->ci.upper);
    if (isnan(e->ci.p)) {
        REQUIRE(r->k == 1 || has_note(r, MTP_NOTE_HKSJ_ZERO_SE) ||
                has_note(r, MTP_NOTE_NOT_DEFINED));
    } else {
        REQUIRE(is_probability(e->ci.p) && e->ci.log_p <= 0.0);
    }
    if (e->pi.method != MTP_PI_NONE) {
        check_limits(r, e->pi.lower, e->pi.upper);
    }
}

static void check_heterogeneity(const mtp_pool_result *r)
{
    const mtp_heterogeneity *h = &r->overall.heterogeneity;

    if (r->k == 1) {
        REQUIRE(has_note(r, MTP_NOTE_SINGLE_STUDY));
        return;
    }
    REQUIRE(h->Q >= 0.0 && is_probability(h->p) && h->log_p <= 0.0);
    REQUIRE(h->tau2 >= 0.0 && isfinite(h->tau2));
    REQUIRE(h->I2 >= 0.0 && h->I2 <= 100.0 && h->H2 >= 1.0 && h->vt > 0.0);
    REQUIRE(isnan(h->tau2_se) || h->tau2_se >= 0.0);
    for (size_t i = 0; i < h->n_intervals; i++) {
        const mtp_tau2_interval *ci = &h->intervals[i];

        if (ci->status == MTP_SET_OK) {
            REQUIRE(ci->tau2[0] >= 0.0 && ci->tau2[0] <= ci->tau2[1]);
            REQUIRE(isfinite(ci->tau2[1]) || has_note(r, MTP_NOTE_UNBOUNDED));
        } else {
            REQUIRE(isnan(ci->tau2[0]) && isnan(ci->tau2[1]));
        }
    }
}

static void check_weights(const mtp_pool_result *r)
{
    double common = 0.0, random = 0.0;

    for (size_t i = 0; i < r->k; i++) {
        REQUIRE(r->weight_common[i] >= 0.0 && r->weight_random[i] >= 0.0);
        common += r->weight_common[i];
        random += r->weight_random[i];
    }
    REQUIRE(fabs(common - 100.0) < 1e-9 && fabs(random - 100.0) < 1e-9);
}

static void every_estimator_answers_or_says_why(void **state)
{
    static random_set set;
    size_t refused = 0;

    (void)state;
    for (size_t number = 0; number < SETS; number++) {
        mtp_pool_options o = options_of(number);
        mtp_pool_result *r = NULL;

        random_effects(number, &set);
        if (pool(&set, &o, &r) != MTP_OK) {
            REQUIRE(r == NULL);
            refused++;
            continue;
        }
        REQUIRE(r->overall.exists && r->overall.k == set.k);
        check_estimate(r, &r->overall.random);
        check_estimate(r, &r->overall.common);
        check_heterogeneity(r);
        check_weights(r);
        if (r->overall.heterogeneity.tau2 == 0.0) {
            REQUIRE(r->overall.random.estimate == r->overall.common.estimate ||
                    o.ci == MTP_CI_PL);
        }
        mtp_pool_result_free(r);
    }
    print_message("%d data sets, %zu combinations refused\n", (int)SETS, refused);
    assert_int_equal(refused, 0);
}

/* Figures that follow the data: each with the power of the scale by which it grows. */
typedef struct figures {
    double value[FIGURES];
    int power[FIGURES];
    bool shifts[FIGURES];
    size_t n;
} figures;

/* Where the figures stand that a test asks for by name. */
enum { COMMON, COMMON_SE, RANDOM, CI, PI = CI + 2, TAU2 = PI + 2, Q = TAU2 + 4 };

static void put(figures *f, double value, int power, bool shifts)
{
    f->value[f->n] = value;
    f->power[f->n] = power;
    f->shifts[f->n] = shifts;
    f->n++;
}

static figures figures_of(const random_set *set, const mtp_pool_options *o)
{
    mtp_pool_result *r = NULL;
    figures f = {.n = 0};

    if (pool(set, o, &r) == MTP_OK) {
        const mtp_pooled *p = &r->overall;
        const mtp_heterogeneity *h = &p->heterogeneity;

        put(&f, p->common.estimate, 1, true);
        put(&f, p->common.ci.se, 1, false);
        put(&f, p->random.estimate, 1, true);
        put(&f, p->random.ci.lower, 1, true);
        put(&f, p->random.ci.upper, 1, true);
        put(&f, p->random.pi.lower, 1, true);
        put(&f, p->random.pi.upper, 1, true);
        put(&f, h->tau2, 2, false);
        put(&f, h->tau2_se, 2, false);
        put(&f, h->tau, 1, false);
        put(&f, h->vt, 2, false);
        put(&f, h->Q, 0, false);
        put(&f, h->I2, 0, false);
        put(&f, h->H2, 0, false);
        put(&f, h->ci.tau2[0], 2, false);
        put(&f, h->ci.tau2[1], 2, false);
    }
    mtp_pool_result_free(r);
    return f;
}

/* got = want scaled by c and shifted by s, to a tolerance relative to the figure or,
 * for what shifts, to the largest of all. */
static void check_follow(const figures *want, const figures *got, double c, double s,
                         double tolerance)
{
    double size = 0.0;

    REQUIRE(want->n == got->n);
    for (size_t i = 0; i < want->n; i++) {
        if (want->shifts[i] && isfinite(want->value[i])) {
            size = fmax(size, fabs(want->value[i] * c) + fabs(s));
        }
    }
    for (size_t i = 0; i < want->n; i++) {
        double value = want->value[i] * pow(c, want->power[i]);

        value += want->shifts[i] ? s : 0.0;
        if (!mtp_test_close(got->value[i], value, tolerance,
                            want->shifts[i] ? tolerance * size : 0.0)) {
            fail_msg("%s: figure %zu is %.17g, not %.17g", asked, i, got->value[i],
                     value);
        }
    }
}

static void turn_round(const random_set *set, random_set *out)
{
    *out = *set;
    for (size_t i = 0; i < set->k; i++) {
        size_t from = (i + set->k / 3) % set->k;

        out->yi[set->k - 1 - i] = set->yi[from];
        out->vi[set->k - 1 - i] = set->vi[from];
    }
}

static void move(const random_set *set, double c, double s, random_set *out)
{
    *out = *set;
    for (size_t i = 0; i < set->k; i++) {
        out->yi[i] = set->yi[i] * c + s;
        out->vi[i] = set->vi[i] * c * c;
    }
}

static void check_order(const random_set *set, const mtp_pool_options *o,
                        const figures *want)
{
    static random_set other;
    figures got;

    turn_round(set, &other);
    got = figures_of(&other, o);
    /* Robust variances are summed by cluster, in doubles: another order, another last
     * digit. */
    check_follow(want, &got, 1.0, 0.0, o->ci == MTP_CI_ROBUST ? TOL1 : 0.0);
}

/* A power of two changes no digit. */
static void check_unit(const random_set *set, const mtp_pool_options *o,
                       const figures *want)
{
    static random_set other;
    mtp_pool_options by_8 = *o;
    figures got;

    by_8.tau2_value *= 64.0; /* it has the unit of the data, squared */
    move(set, 8.0, 0.0, &other);
    got = figures_of(&other, &by_8);
    check_follow(want, &got, 8.0, 0.0, 0.0);
}

static void check_shift(const random_set *set, const mtp_pool_options *o,
                        const figures *want)
{
    static random_set other;
    figures got;

    if (set->kind == RANDOM_WIDE || set->kind == RANDOM_TINY ||
        set->kind == RANDOM_LARGE) {
        return; /* the sums would be rounded */
    }
    move(set, 1.0, 4096.0, &other);
    got = figures_of(&other, o);
    check_follow(want, &got, 1.0, 4096.0, 1e-12);
}

static void swap(double pair[2])
{
    double kept = pair[0];

    pair[0] = pair[1];
    pair[1] = kept;
}

static void check_sign(const random_set *set, const mtp_pool_options *o,
                       const figures *want)
{
    static random_set other;
    figures got;

    move(set, -1.0, 0.0, &other);
    got = figures_of(&other, o);
    for (size_t i = 0; i < got.n; i++) {
        got.value[i] = got.shifts[i] ? -got.value[i] : got.value[i];
    }
    if (got.n) {
        swap(&got.value[CI]);
        swap(&got.value[PI]);
    }
    if (o->predict == MTP_PI_NNF) {
        return; /* the draws are not mirrored */
    }
    check_follow(want, &got, 1.0, 0.0, 1e-12);
}

static void what_must_not_change_an_answer_does_not(void **state)
{
    static random_set set;

    (void)state;
    for (size_t number = 0; number < INVARIANT_SETS; number++) {
        mtp_pool_options o = options_of(number);
        figures want;

        random_effects(number, &set);
        want = figures_of(&set, &o);
        check_order(&set, &o, &want);
        check_unit(&set, &o, &want);
        check_shift(&set, &o, &want);
        check_sign(&set, &o, &want);
    }
}

/* Each study twice: half the common variance, twice Q, and the same tau2 by maximum
 * likelihood; a study that says nothing changes nothing. */
static void copies_and_empty_words(void **state)
{
    static random_set set, twice;
    mtp_pool_options o;

    (void)state;
    mtp_pool_options_init(&o, sizeof o);
    o.tau2 = MTP_TAU2_ML;
    for (size_t number = 0; number < INVARIANT_SETS; number++) {
        figures one, two;

        random_effects(number, &set);
        twice = set;
        for (size_t i = 0; i < set.k; i++) {
            twice.yi[set.k + i] = set.yi[i];
            twice.vi[set.k + i] = set.vi[i];
        }
        twice.k = 2 * set.k;
        one = figures_of(&set, &o);
        two = figures_of(&twice, &o);
        REQUIRE(one.n && two.n);
        assert_close(two.value[COMMON], one.value[COMMON], TOL1, 0.0);
        assert_close(two.value[COMMON_SE] * sqrt(2.0), one.value[COMMON_SE], TOL1, 0.0);
        if (set.k > 1) {
            assert_close(two.value[Q], 2.0 * one.value[Q], TOL2, 0.0);
            assert_close(two.value[TAU2], one.value[TAU2], LOOSE, 0.0);
        }
        twice = set;
        twice.yi[set.k] = set.yi[0];
        twice.vi[set.k] = ldexp(set.vi[0], 80);
        twice.k = set.k + 1;
        two = figures_of(&twice, &o);
        REQUIRE(two.n);
        assert_close(two.value[COMMON], one.value[COMMON], TOL1, 0.0);
        assert_close(two.value[COMMON_SE], one.value[COMMON_SE], TOL1, 0.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_estimator_answers_or_says_why),
        cmocka_unit_test(what_must_not_change_an_answer_does_not),
        cmocka_unit_test(copies_and_empty_words),
    };

    return cmocka_run_group_tests_name("property.random_data", tests, NULL, NULL);
}
