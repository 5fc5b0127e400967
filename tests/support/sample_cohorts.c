/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cohorts by entity: their logits, and the mixed model of them. */
#include "support/sample_parts.h"

/* Cohorts of Cordas dos Santos et al. (2024), doi:10.1038/s41591-024-03084-6. */
typedef struct cohort {
    const char *name, *entity;
    double deaths, patients;
} cohort;

static const cohort cohorts[] = {
    {"Abramson 2020", "LBCL", 7, 269},
    {"Akthar 2023", "MM", 7, 139},
    {"Berning 2024", "LBCL", 30, 172},
    {"Bethge 2022 A", "LBCL", 15, 183},
    {"Bethge 2022 B", "LBCL", 6, 173},
    {"Bishop 2022", "LBCL", 9, 155},
    {"Caillot 2024", "MM", 1, 24},
    {"Chiappella 2024", "LBCL", 6, 260},
    {"Chong 2024", "MCL", 4, 17},
    {"De Philippis 2024", "LBCL", 0, 43},
    {"Dores 2021", "LBCL", 8, 197},
    {"Dreyling 2024", "IL", 5, 97},
    {"Ferreri Hansen 2023 A", "MM", 4, 50},
    {"Ferreri Hansen 2023 B", "MM", 8, 153},
    {"Fischer 2024", "MM", 1, 27},
    {"Grana 2021", "LBCL", 3, 37},
    {"Hamilton 2024 A", "LBCL", 13, 191},
    {"Hamilton 2024 B", "IL", 1, 20},
    {"Houot 2023", "LBCL", 7, 62},
    {"Iacoboni 2022", "MCL", 5, 33},
    {"Iovino 2022", "LBCL", 3, 60},
    {"Jacobson 2022 A", "IL", 9, 148},
    {"Jacobson 2022 B", "LBCL", 141, 1297},
    {"Kamdar 2022", "LBCL", 5, 92},
    {"Kato 2023", "LBCL", 0, 16},
    {"Kuhnl 2022 A", "LBCL", 2, 76},
    {"Kuhnl 2022 B", "LBCL", 19, 224},
    {"Kwon 2023 A", "LBCL", 9, 152},
    {"Kwon 2023 B", "LBCL", 5, 155},
    {"Lemoine 2023", "LBCL", 48, 957},
    {"Lin 2023", "MM", 2, 62},
    {"Martin 2023", "MM", 16, 97},
    {"Mi 2022", "MM", 9, 48},
    {"Munshi 2021", "MM", 9, 128},
    {"Nastoupil 2020", "LBCL", 12, 275},
    {"Neelapu 2022", "LBCL", 2, 40},
    {"Neelapu 2023", "LBCL", 13, 101},
    {"Rejeski 2022 A", "LBCL", 2, 17},
    {"Rejeski 2022 B", "LBCL", 1, 35},
    {"Rejeski 2023 A", "MM", 3, 57},
    {"Rejeski 2023 B", "MM", 1, 7},
    {"Rejeski 2023 C", "MCL", 4, 54},
    {"Riedell 2022 B", "LBCL", 7, 92},
    {"Rodriguez-Otero 2023", "MM", 18, 225},
    {"San Miguel 2023", "MM", 24, 176},
    {"Sehgal 2022", "LBCL", 4, 61},
    {"Spanjaart 2023", "LBCL", 11, 145},
    {"Trando 2023", "LBCL", 8, 66},
    {"Wang 2023 A", "MCL", 5, 68},
    {"Wang 2023 B", "MCL", 18, 168},
    {"Westin 2023", "LBCL", 23, 170},
    {"Wudhikarn 2023", "LBCL", 1, 33},
};
enum { N_COHORTS = sizeof cohorts / sizeof *cohorts };

/* What pooling one set of cohorts gives. */
typedef struct figures {
    const char *level;
    size_t k;
    double events, n;
    double common, common_se;       /* logit */
    double random, random_se, tau2; /* 7-point adaptive Gauss-Hermite quadrature */
    double loglik, common_loglik;
    double Q, Q_p, Q_log_p; /* Wald test */
    double LRT, LRT_p;
    double tau2_p;
    double vt; /* typical variance of the corrected effects */
    double t;  /* 97.5 % point of t with k - 1 degrees of freedom */
} figures;

/* Sources: estimates, log-likelihoods and LRT: mpmath at 50 digits; Q, its p and vt:
 * metafor 5.1-12, rma.glmm(measure = "PLO", nAGQ = 7) (vt from its H^2; IL and MCL:
 * mpmath); t: mpmath at 40 digits; tau2_p: mpmath, erfc(sqrt(x / 2)) / 2 of x = 2
 * (loglik - common_loglik). Published: overall 0.06822, 0.05778 to 0.08038. */
static const figures pooled[] = {
    {"all", 52, 574, 7604, -2.5053125884851442, 0.04340976606034877,
     -2.6143441530377734, 0.09041623123471936, 0.22519771158015285, -140.1779651280931,
     -172.37921197721824, 143.49281495865276, 9.896776325812138e-11,
     -23.036226942476192, 163.81382667592140, 9.255826115056239e-14,
     5.0714849027112408e-16, 0.10673758027647581, 2.0075837703158360},
    {"IL", 3, 15, 265, -2.8134107167600364, 0.26583202716502515, -2.8134107167600364,
     0.26583202716502515, 0.0, -4.7403054914722275, -4.7403054914722275,
     0.11158553604019092, 0.94573510214213992, -0.05579276802009546,
     0.11274331458770170, 0.94518778466958754, 1.0, 0.26881254048681676,
     4.3026527297494639},
    {"LBCL", 31, 420, 5806, -2.5513035620941302, 0.05066180931922848,
     -2.7323966142898080, 0.11981333279715410, 0.25182029785828375, -87.170076833482120,
     -116.79749905400810, 104.27143675802928, 3.8827510750154968e-10,
     -21.669306987602897, 123.46500949883186, 2.6660674357252362e-13,
     6.9259454505701861e-15, 0.09118234763760408, 2.0422724563012382},
    {"MCL", 5, 36, 340, -2.1335087629501117, 0.17625904646850982, -2.1335087629501117,
     0.17625904646850982, 0.0, -10.990579876777353, -10.990579876777353,
     4.7413602448599280, 0.31487939651261994, -1.1555655816831569, 4.4456906557299230,
     0.34903582336707841, 1.0, 0.18526264906846590, 2.7764451051977944},
    {"MM", 13, 103, 1193, -2.3592039869935536, 0.10308331124259746, -2.4398757618857088,
     0.17664369060512624, 0.18504528080645772, -32.658942896362764, -35.713191485934270,
     26.764006619166840, 0.0083546559604577634, -4.7849362954656964, 27.515111068719364,
     0.0065095527533752020, 0.0067266736844377184, 0.15108945167269083,
     2.1788128296672289},
};
enum { N_ENTITIES = sizeof pooled / sizeof *pooled - 1 };

static void add_cohorts(sample *s, mtp_arena *arena)
{
    const char *name[N_COHORTS];
    double deaths[N_COHORTS], patients[N_COHORTS];

    for (size_t i = 0; i < N_COHORTS; i++) {
        name[i] = cohorts[i].name;
        deaths[i] = cohorts[i].deaths;
        patients[i] = cohorts[i].patients;
    }
    sample_add_studies(s, arena, name, deaths, patients, N_COHORTS);
    sample_set_logits(s);
    s->bundle.measure = mtp_measure_get(MTP_PLO);
}

static mtp_heterogeneity glmm_heterogeneity(const figures *f)
{
    mtp_heterogeneity h = sample_no_heterogeneity();

    h.Q = f->Q;
    h.df = (double)f->k - 1.0;
    h.p = f->Q_p;
    h.log_p = f->Q_log_p;
    h.Q_center = "wald";
    h.tau2 = f->tau2;
    h.tau = sqrt(f->tau2);
    h.vt = f->vt;
    h.I2 = 100.0 * f->tau2 / (f->tau2 + f->vt);
    h.H2 = 1.0 + f->tau2 / f->vt;
    h.I2_Q = 100.0 * fmax(0.0, (f->Q - h.df) / f->Q);
    h.LRT = f->LRT;
    h.LRT_df = h.df;
    h.LRT_p = f->LRT_p;
    h.LRT_log_p = log(f->LRT_p);
    h.tau2_statistic = 2.0 * (f->loglik - f->common_loglik);
    h.tau2_p = f->tau2_p;
    return h;
}

static mtp_fit glmm_fit(const figures *f)
{
    double k = (double)f->k;

    return (mtp_fit){.method = MTP_METHOD_GLMM,
                     .tau2_method = MTP_TAU2_ML,
                     .model = "binomial-normal",
                     .nodes = 7,
                     .converged = true,
                     .iterations = 9,
                     .n_modes = 1,
                     .modes = {{f->tau2, f->loglik, f->random}},
                     .boundary = f->tau2 == 0.0,
                     .loglik = f->loglik,
                     .loglik_kind = "marginal",
                     .sigma2 = SAMPLE_NONE,
                     .AIC = 4.0 - 2.0 * f->loglik,
                     .AICc =
                         k > 3.0 ? 4.0 * k / (k - 3.0) - 2.0 * f->loglik : SAMPLE_NONE,
                     .BIC = 2.0 * log(k) - 2.0 * f->loglik};
}

static mtp_pooled glmm_pooled(const figures *f)
{
    double df = (double)f->k - 1.0;
    mtp_pooled p = {.k = f->k,
                    .events = f->events,
                    .n = f->n,
                    .time = SAMPLE_NONE,
                    .exists = true,
                    .heterogeneity = glmm_heterogeneity(f),
                    .fit = glmm_fit(f)};
    mtp_estimate *common = &p.common, *random = &p.random;

    common->estimate = f->common;
    common->null_value = random->null_value = SAMPLE_NONE;
    common->ci =
        sample_wald(f->common, f->common_se, SAMPLE_Z, MTP_CI_WALD, SAMPLE_NONE);
    common->n_intervals = 1;
    common->intervals[0] = common->ci;
    common->pi = (mtp_prediction){MTP_PI_NONE, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE,
                                  SAMPLE_NONE};
    sample_set_back(common, sample_inverse_logit);
    random->estimate = f->random;
    random->ci =
        sample_wald(f->random, f->random_se, SAMPLE_Z, MTP_CI_WALD, SAMPLE_NONE);
    random->n_intervals = 2;
    random->intervals[0] = random->ci;
    random->intervals[1] = sample_wald(f->random, f->random_se, f->t, MTP_CI_T, df);
    random->pi = sample_predict(f->random, f->random_se, f->tau2, f->t, MTP_PI_V, df);
    random->n_predictions = 2;
    random->predictions[0] = sample_predict(f->random, f->random_se, f->tau2, SAMPLE_Z,
                                            MTP_PI_WALD, SAMPLE_NONE);
    random->predictions[1] = random->pi;
    sample_set_back(random, sample_inverse_logit);
    return p;
}

sample *sample_glmm(mtp_arena *arena)
{
    static const mtp_note notes[] = {
        {MTP_NOTE_ZERO_CELLS_CORRECTED, MTP_INFO, 0,
         "0.5 was added to the cells of 2 studies without events for their own "
         "effects; "
         "the mixed model uses the counts as they are"},
        {MTP_NOTE_NO_INFORMATION_IN_Q, MTP_INFO, 0,
         "2 studies without events carry nothing into Q"},
        {MTP_NOTE_TAU2_ZERO, MTP_INFO, 0,
         "tau2 is zero in subgroups IL and MCL: common and random effects agree"}};
    sample *s = sample_new(arena, MTP_COMMAND_POOL, "studies.csv", N_COHORTS, notes, 3);
    const char **name = sample_zalloc(arena, N_ENTITIES, sizeof *name);
    /* mpmath at 40 digits, from the estimates and standard errors above; p published:
     * 0.025910807562160233 */
    const mtp_test common = sample_chi_square(
        8.6036849279486472, 3.0, 0.035051667831839196, -3.3509320822730330);
    const mtp_test random = sample_chi_square(
        9.2698733047694722, 3.0, 0.025909850247239698, -3.6531320641531230);
    const mtp_test none =
        sample_chi_square(SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE);

    add_cohorts(s, arena);
    for (size_t i = 0; i < N_COHORTS; i++) {
        s->studies[i].group = cohorts[i].entity;
    }
    s->groups = sample_zalloc(arena, N_ENTITIES, sizeof *s->groups);
    for (size_t g = 0; g < N_ENTITIES; g++) {
        s->groups[g] = glmm_pooled(&pooled[g + 1]);
        name[g] = pooled[g + 1].level;
    }
    s->pool =
        (mtp_pool_result){.options = sample_pool_options(MTP_METHOD_GLMM, MTP_TAU2_ML),
                          .measure = s->bundle.measure,
                          .k = N_COHORTS,
                          .overall = glmm_pooled(&pooled[0]),
                          .n_groups = N_ENTITIES,
                          .groups = s->groups,
                          .group_name = name,
                          .between = {common, random, none}};
    s->bundle.pool = &s->pool;
    s->bundle.by = "entity";
    sample_set_glmm_options(s);
    return s;
}

sample *sample_effects(mtp_arena *arena)
{
    static const mtp_effective_option options[] = {SAMPLE_WORD("study", "study"),
                                                   SAMPLE_WORD("measure", "PLO"),
                                                   SAMPLE_NUMBER("add", "0.5")};
    static const mtp_note notes[] = {
        {MTP_NOTE_ZERO_CELLS_CORRECTED, MTP_INFO, 10,
         "0.5 was added to the cells of a study without events"}};
    sample *s =
        sample_new(arena, MTP_COMMAND_EFFECTS, "studies.csv", N_COHORTS, notes, 1);

    add_cohorts(s, arena);
    sample_set_options(s, options, sizeof options / sizeof *options);
    return s;
}
