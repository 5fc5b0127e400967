/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/blup.h"

#include "core/arena.h"
#include "studies.h"

/* Predictions for the BCG trials. Values of DL, a given tau2 and EE: the formulas of
 * Robinson (1991) in mpmath, 50 digits; of REML: blup and ranef of metafor 3.8-1, whose
 * tau2 was iterated to 1e-14. metafor has all the digits of the former as well. */

enum { SHOWN = 4 };
static const size_t shown[SHOWN] = {0, 3, 7, 11};

typedef struct expected {
    double fitted, shrinkage, estimate, se, lower, upper;
    double random, random_se, random_lower, random_upper;
} expected;

static void assert_blup(const mtp_blup_result *r, const expected want[SHOWN],
                        double rtol)
{
    for (size_t j = 0; j < SHOWN; j++) {
        const mtp_blup *s = &r->study[shown[j]];

        assert_close(s->fitted, want[j].fitted, rtol, 0.0);
        assert_close(s->shrinkage, want[j].shrinkage, rtol, 0.0);
        assert_close(s->estimate, want[j].estimate, rtol, 1e-15);
        assert_close(s->se, want[j].se, rtol, 0.0);
        assert_close(s->lower, want[j].lower, rtol, 1e-15);
        assert_close(s->upper, want[j].upper, rtol, 1e-15);
        assert_close(s->random, want[j].random, rtol, 1e-15);
        assert_close(s->random_se, want[j].random_se, rtol, 0.0);
        assert_close(s->random_lower, want[j].random_lower, rtol, 1e-15);
        assert_close(s->random_upper, want[j].random_upper, rtol, 1e-15);
    }
}

static mtp_blup_result *pooled(mtp_tau2_method tau2, mtp_ci_method ci)
{
    mtp_effects *effects = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_pool_options options;
    mtp_blup_result *r = NULL;

    mtp_pool_options_init(&options, sizeof options);
    options.tau2 = tau2;
    options.ci = ci;
    assert_int_equal(mtp_blup_pool(effects, &options, &r, NULL), MTP_OK);
    assert_int_equal(r->k, BCG);
    assert_true(r->level == 0.95);
    mtp_effects_free(effects);
    return r;
}

static void test_pooled(void **state)
{
    static const expected wald[SHOWN] = {
        {-0.714117222073227153, 0.513261317896804188, -0.799390973185865253,
         0.408523174355307313, -1.60008168177224468, 0.00129973540051417112,
         -0.0852737511126381002, 0.407484747363911445, -0.883929180195307338,
         0.713381677970031138},
        {-0.714117222073227153, 0.0608632599139570777, -1.39727718735984038,
         0.137515471821670062, -1.66680255944734638, -1.12775181527233437,
         -0.683159965286613224, 0.216726166600912115, -1.10793544633182856,
         -0.258384484241397892},
        {-0.714117222073227153, 0.0126680607611296439, 0.00275444027673045694,
         0.0625821132267793038, -0.119904247724164738, 0.125413128277625652,
         0.71687166234995761, 0.187231937568957523, 0.349903807959148947,
         1.08383951674076627},
        {-0.714117222073227153, 0.632981455090989055, -0.288364470900309937,
         0.456333514976548389, -1.18276172519291423, 0.606032783392294358,
         0.425752751172917216, 0.4469262785601097, -0.450206658549413605,
         1.30171216089524804}};
    static const expected hksj[SHOWN] = {
        {-0.714117222073227153, 0.513261317896804188, -0.799390973185865253,
         0.408749627927409891, -1.68997990663581215, 0.0911979602640816483,
         -0.0852737511126381002, 0.407688926203324607, -0.973551614037697836,
         0.803004111812421636},
        {-0.714117222073227153, 0.0608632599139570777, -1.39727718735984038,
         0.137524933824481829, -1.69691827757575803, -1.09763609714392273,
         -0.683159965286613224, 0.218150987319804721, -1.15847013526357671,
         -0.207849795309649735},
        {-0.714117222073227153, 0.0126680607611296439, 0.00275444027673045694,
         0.0625830139805380145, -0.133602233503309319, 0.139111114056770233,
         0.71687166234995761, 0.189051973140588393, 0.304962797797339265,
         1.12878052690257595},
        {-0.714117222073227153, 0.632981455090989055, -0.288364470900309937,
         0.456641828146647984, -1.28330154462892447, 0.706572602828304594,
         0.425752751172917216, 0.44703213757626253, -0.548246605451809298,
         1.39975210779764373}};
    mtp_blup_result *r = pooled(MTP_TAU2_DL, MTP_CI_WALD);

    (void)state;
    assert_close(r->tau2, 0.308760262862376106, TOL1, 0.0);
    assert_true(isnan(r->df));
    assert_blup(r, wald, TOL2);
    mtp_blup_free(r);
    r = pooled(MTP_TAU2_DL, MTP_CI_HKSJ);
    assert_true(r->df == 12.0);
    assert_blup(r, hksj, TOL2);
    mtp_blup_free(r);
}

/* Without variance between studies all have the mean, and nothing of their own. */
static void test_common(void **state)
{
    mtp_blup_result *r = pooled(MTP_TAU2_EE, MTP_CI_WALD);

    (void)state;
    assert_true(r->tau2 == 0.0);
    for (size_t i = 0; i < BCG; i++) {
        const mtp_blup *s = &r->study[i];

        assert_close(s->estimate, -0.430285163654090988, TOL1, 0.0);
        assert_close(s->se, 0.0404987517108638122, TOL1, 0.0);
        assert_close(s->lower, -0.509661258426213963, TOL2, 0.0);
        assert_close(s->upper, -0.350909068881968012, TOL2, 0.0);
        assert_true(s->shrinkage == 1.0);
        assert_true(s->random == 0.0 && !signbit(s->random) && s->random_se == 0.0);
        assert_true(s->random_lower == 0.0 && s->random_upper == 0.0);
    }
    mtp_blup_free(r);
}

static void test_reml(void **state)
{
    static const expected want[SHOWN] = {
        {0, 0, -0.80023356197035, 0.410045838503633, -1.69364669565372,
         0.0931795717130229, -0.0857012198122101, 0.409275134975972, -0.977435134761645,
         0.806032695137225},
        {0, 0, -1.39789769649515, 0.137573188800084, -1.697643925271, -1.09815146771929,
         -0.683365354337006, 0.218373186289158, -1.15915965427914, -0.207571054394876},
        {0, 0, 0.00287924789676634, 0.0625875483045419, -0.133487305326587,
         0.13924580112012, 0.717411590054906, 0.189173021293202, 0.305238984234365,
         1.12958419587545},
        {0, 0, -0.284733712861198, 0.458457991634487, -1.28362786689789,
         0.714160441175494, 0.429798629296942, 0.449121243884022, -0.54875249895367,
         1.40834975754755}};
    mtp_blup_result *r = pooled(MTP_TAU2_REML, MTP_CI_HKSJ);
    mtp_effects *effects = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_pool_result *pool = NULL;

    (void)state;
    for (size_t j = 0; j < SHOWN; j++) {
        const mtp_blup *s = &r->study[shown[j]];

        assert_close(s->estimate, want[j].estimate, 1e-11, 0.0);
        assert_close(s->se, want[j].se, 1e-11, 0.0);
        assert_close(s->lower, want[j].lower, 1e-11, 0.0);
        assert_close(s->upper, want[j].upper, 1e-11, 0.0);
        assert_close(s->random, want[j].random, 1e-11, 0.0);
        assert_close(s->random_se, want[j].random_se, 1e-11, 0.0);
        assert_close(s->random_lower, want[j].random_lower, 1e-11, 0.0);
        assert_close(s->random_upper, want[j].random_upper, 1e-11, 0.0);
    }
    /* the model is that of mtp_pool */
    assert_int_equal(mtp_pool(effects, NULL, NULL, &pool, NULL), MTP_OK);
    assert_close(r->tau2, pool->overall.heterogeneity.tau2, TOL2, 0.0);
    assert_close(r->study[5].fitted, pool->overall.random.estimate, TOL2, 0.0);
    mtp_pool_result_free(pool);
    mtp_effects_free(effects);
    mtp_blup_free(r);
}

static mtp_moderators latitude_of(double x[2 * BCG], size_t column_term[2])
{
    static const char *const name[] = {"intercept", "latitude"};
    static const char *const term[] = {"latitude"};

    for (size_t i = 0; i < BCG; i++) {
        x[2 * i] = 1.0;
        x[2 * i + 1] = bcg_latitude[i];
    }
    column_term[0] = 1;
    column_term[1] = 0;
    return (mtp_moderators){.k = BCG,
                            .p = 2,
                            .x = x,
                            .name = name,
                            .intercept = true,
                            .n_terms = 1,
                            .term = term,
                            .column_term = column_term};
}

static void test_regressed(void **state)
{
    static const expected want[SHOWN] = {
        {-1.02652079279426833, 0.837225763668849166, -1.0041866279086323,
         0.264683919248402864, -1.58675200628926095, -0.421621249528003643,
         0.0223341648856360327, 0.231606778953171367, -0.487428918566918896,
         0.532097248338190961},
        {-1.26035070283577578, 0.24018609487375786, -1.39802935261499062,
         0.132622390356456403, -1.68992926568543178, -1.10612943954454947,
         -0.137678649779214848, 0.197659782576787978, -0.572724897977665264,
         0.297367598419235569},
        {-0.120429891383426981, 0.0588976611526801357, 0.0041553300986143751,
         0.0620357391783777949, -0.132384411228310691, 0.140695071425539441,
         0.124585221482041356, 0.185505940615430656, -0.283710600921362524,
         0.532881043885445236},
        {-0.705004666487195594, 0.893756582690707452, -0.582727197999887137,
         0.260511003454218762, -1.15610805064320456, -0.00934634535656970899,
         0.122277468487308458, 0.238190653704779595, -0.401976625589438212,
         0.646531562564055128}};
    double x[2 * BCG];
    size_t column_term[2];
    mtp_moderators latitude = latitude_of(x, column_term);
    mtp_effects *effects = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_regress_options options;
    mtp_blup_result *r = NULL;

    (void)state;
    mtp_regress_options_init(&options, sizeof options);
    options.tau2 = MTP_TAU2_DL;
    options.predict = MTP_PI_HTS; /* not looked at */
    options.diagnostics = false;
    assert_int_equal(mtp_blup_regress(effects, &latitude, &options, &r, NULL), MTP_OK);
    assert_close(r->tau2, 0.0633005024264148459, TOL2, 0.0);
    assert_true(r->df == 11.0);
    assert_blup(r, want, TOL3);
    mtp_blup_free(r);
    mtp_effects_free(effects);
}

/* tau2 of each study its own: shrunk by that. */
static void test_scale(void **state)
{
    double x[2 * BCG];
    size_t column_term[2];
    mtp_moderators latitude = latitude_of(x, column_term);
    mtp_effects *effects = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_regress_options options;
    mtp_regress_result *fit = NULL;
    mtp_blup_result *r = NULL;

    (void)state;
    mtp_regress_options_init(&options, sizeof options);
    options.ci = MTP_CI_WALD;
    options.scale = &latitude;
    assert_int_equal(mtp_blup_regress(effects, &latitude, &options, &r, NULL), MTP_OK);
    assert_int_equal(mtp_regress(effects, &latitude, &options, &fit, NULL), MTP_OK);
    assert_true(isnan(r->tau2));
    for (size_t i = 0; i < BCG; i++) {
        double tau2 = fit->tau2[i], share = tau2 / (tau2 + bcg_vi[i]);
        double fitted = fit->coefficient[0].estimate +
                        fit->coefficient[1].estimate * bcg_latitude[i];
        double v = fit->vcov[0] + 2.0 * fit->vcov[1] * bcg_latitude[i] +
                   fit->vcov[3] * bcg_latitude[i] * bcg_latitude[i];
        double se = sqrt(share * bcg_vi[i] + share * share * v);

        assert_close(r->study[i].shrinkage, 1.0 - share, 1e-13, 0.0);
        assert_close(r->study[i].random, share * (bcg_yi[i] - fitted), 1e-11, 1e-12);
        assert_close(r->study[i].random_se, se, 1e-10, 0.0);
        assert_close(r->study[i].random_upper - r->study[i].random,
                     1.9599639845400542 * se, 1e-10, 0.0);
        assert_close(r->study[i].estimate, r->study[i].fitted + r->study[i].random,
                     1e-12, 1e-12);
    }
    mtp_regress_result_free(fit);
    mtp_blup_free(r);
    mtp_effects_free(effects);
}

/* Logits come back as proportions; Freeman-Tukey effects at the study's own n. */
static void test_back(void **state)
{
    static const double x[] = {3, 5, 9, 12}, n[] = {20, 30, 25, 40};
    static const mtp_measure measures[] = {MTP_PLO, MTP_PFT};
    mtp_raw raw = {.size = sizeof raw, .k = 4};

    (void)state;
    raw.column[MTP_ROLE_EVENTS] = x;
    raw.column[MTP_ROLE_N] = n;
    for (size_t m = 0; m < 2; m++) {
        mtp_effects_options how;
        mtp_effects *effects = NULL;
        mtp_blup_result *r = NULL;

        mtp_effects_options_init(&how, sizeof how);
        how.measure = measures[m];
        assert_int_equal(mtp_effects_compute(&how, &raw, &effects, NULL), MTP_OK);
        assert_int_equal(mtp_blup_pool(effects, NULL, &r, NULL), MTP_OK);
        for (size_t i = 0; i < 4; i++) {
            const mtp_blup *s = &r->study[i];

            assert_true(s->back.lower < s->back.estimate &&
                        s->back.estimate < s->back.upper);
            if (m == 0) {
                assert_close(s->back.estimate, 1.0 / (1.0 + exp(-s->estimate)), TOL2,
                             0.0);
            } else {
                assert_close(mtp_forward_transform(MTP_PFT, s->back.upper, n[i]),
                             s->upper, 1e-12, 0.0);
            }
        }
        mtp_blup_free(r);
        mtp_effects_free(effects);
    }
}

static void test_refusals(void **state)
{
    static const double weights[BCG] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    mtp_effects *effects = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_pool_options pool;
    mtp_regress_options regress;
    mtp_blup_result *r = NULL;

    (void)state;
    mtp_pool_options_init(&pool, sizeof pool);
    pool.ci = MTP_CI_KR;
    assert_int_equal(mtp_blup_pool(effects, &pool, &r, NULL), MTP_E_UNSUPPORTED);
    pool.ci = MTP_CI_HKSJ;
    pool.weights = weights;
    assert_int_equal(mtp_blup_pool(effects, &pool, &r, NULL), MTP_E_UNSUPPORTED);
    pool.size = 0;
    assert_int_equal(mtp_blup_pool(effects, &pool, &r, NULL), MTP_E_ARG);
    mtp_regress_options_init(&regress, sizeof regress);
    regress.weights = weights;
    assert_int_equal(mtp_blup_regress(effects, NULL, &regress, &r, NULL),
                     MTP_E_UNSUPPORTED);
    regress.weights = NULL;
    regress.robust = MTP_ROBUST_CR2;
    assert_int_equal(mtp_blup_regress(effects, NULL, &regress, &r, NULL),
                     MTP_E_UNSUPPORTED);
    mtp_regress_options_init(&regress, sizeof regress);
    regress.level = 1.0;
    assert_int_equal(mtp_blup_regress(effects, NULL, &regress, &r, NULL), MTP_E_ARG);
    regress = (mtp_regress_options){0};
    assert_int_equal(mtp_blup_regress(effects, NULL, &regress, &r, NULL), MTP_E_ARG);
    assert_null(r);
    mtp_blup_free(NULL);
    mtp_effects_free(effects);
}

static void test_no_memory(void **state)
{
    mtp_effects *effects = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_status status = MTP_E_NOMEM;
    size_t n = 0;

    (void)state;
    while (status == MTP_E_NOMEM) {
        mtp_blup_result *r = NULL;

        mtp_arena_fail_after(++n);
        status = mtp_blup_pool(effects, NULL, &r, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || !r);
        mtp_blup_free(r);
    }
    assert_int_equal(status, MTP_OK);
    assert_true(n > 5);
    mtp_effects_free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pooled),   cmocka_unit_test(test_common),
        cmocka_unit_test(test_reml),     cmocka_unit_test(test_regressed),
        cmocka_unit_test(test_scale),    cmocka_unit_test(test_back),
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
