/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a forest plot says, in its rows and below. */
#include "forest_reading.h"

static const char *text_of(const mtp_scene *scene, size_t row, mtp_mark mark)
{
    for (size_t i = 0; i < scene->count; i++) {
        if (scene->shape[i].row == row && scene->shape[i].mark == mark) {
            return scene->shape[i].text;
        }
    }
    return "";
}

static void a_missing_estimate_is_said(void **state)
{
    sample *s = sample_new(
        &(sample_wish){.k = 3, .measure = MTP_PLO, .glmm = true, .no_estimate = true});
    mtp_forest *forest;
    mtp_scene *scene;

    (void)state;
    assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
    scene = mtp_forest_scene(forest);
    assert_int_equal(forest->n_rows, 5); /* no prediction without an estimate */
    assert_string_equal(text_of(scene, 3, MTP_MARK_LIMITS), "no finite estimate");
    assert_string_equal(text_of(scene, 4, MTP_MARK_LIMITS), "no finite estimate");
    assert_int_equal(count_marks(scene, MTP_NO_ROW, MTP_MARK_POOLED), 0);
    assert_non_null(strstr(scene->description, "no finite pooled estimate"));
    mtp_scene_free(scene);
    mtp_forest_free(forest);
    sample_free(s);
}

/* All notes and footers of a scene, one after the other. */
static void collect(const mtp_scene *scene, mtp_mark mark, char *text, size_t size)
{
    size_t length = 0;

    text[0] = '\0';
    for (size_t i = 0; i < scene->count; i++) {
        if (scene->shape[i].mark == mark) {
            length += (size_t)snprintf(text + length, size - length, "%s ",
                                       scene->shape[i].text);
        }
    }
}

static void a_common_effect_stands_alone(void **state)
{
    const double none = (double)NAN;
    sample *s = sample_new(&(sample_wish){
        .k = 3, .measure = MTP_PLO, .glmm = true, .no_prediction = true});
    mtp_estimate *random = &s->pool.overall.random;
    char text[4096];
    mtp_forest *forest;
    mtp_scene *scene;

    (void)state;
    s->pool.overall.exists = false;
    random->estimate = none;
    random->back.estimate = random->back.ci_lower = random->back.ci_upper = none;
    assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
    scene = mtp_forest_scene(forest);
    assert_string_equal(text_of(scene, 3, MTP_MARK_LIMITS), "[0.062, 0.092]");
    assert_int_equal(count_marks(scene, 3, MTP_MARK_DIAMOND_COMMON), 1);
    assert_string_equal(text_of(scene, 4, MTP_MARK_LIMITS), "no finite estimate");
    assert_int_equal(count_marks(scene, MTP_NO_ROW, MTP_MARK_POOLED), 0);
    assert_non_null(strstr(scene->description, "common effect 0.077 [0.062, 0.092]; no "
                                               "finite estimate of random effects"));
    collect(scene, MTP_MARK_FOOTER, text, sizeof text);
    assert_non_null(strstr(text, "95% confidence interval: Wald"));
    assert_non_null(strstr(text, "Open diamonds: common effect."));
    assert_null(strstr(text, "filled diamonds"));
    assert_null(strstr(text, "Dashed line"));
    mtp_scene_free(scene);
    mtp_forest_free(forest);
    sample_free(s);
}

#define NB "\xC2\xA0"

static void notes_and_footer_name_the_methods(void **state)
{
    sample *s = sample_new(
        &(sample_wish){.k = 6, .groups = 2, .measure = MTP_PLO, .glmm = true});
    char text[4096];
    mtp_forest *forest;
    mtp_scene *scene;

    (void)state;
    assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
    scene = mtp_forest_scene(forest);
    collect(scene, MTP_MARK_NOTE, text, sizeof text);
    assert_non_null(strstr(text, "\xCF\x84\xC2\xB2" NB "=" NB "0.2254, I\xC2\xB2" NB
                                 "=" NB "72.6%;"));
    assert_non_null(strstr(text, "Q" NB "=" NB "126.04,"));
    assert_non_null(strstr(text, "p" NB "<" NB "0.0001;"));
    assert_non_null(strstr(text, "LRT" NB "=" NB "150.25,"));
    assert_non_null(strstr(text, "Test for subgroup differences"));
    assert_non_null(strstr(text, "p" NB "=" NB "0.026."));
    collect(scene, MTP_MARK_FOOTER, text, sizeof text);
    assert_non_null(strstr(text, "logit-transformed proportion (PLO)"));
    assert_non_null(strstr(text, "generalized linear mixed model (binomial-normal)"));
    assert_non_null(strstr(text, "maximum likelihood (ML)"));
    assert_non_null(strstr(text, "with 7 nodes"));
    assert_non_null(strstr(text, "95% confidence intervals: Wald"));
    assert_non_null(strstr(text, "95% prediction interval: Hartung-Knapp"));
    assert_non_null(strstr(text, "proportional to n: this model has no weights"));
    assert_non_null(strstr(text, "studies.csv"));
    assert_null(strstr(text, "Arrows"));
    mtp_scene_free(scene);
    mtp_forest_free(forest);
    sample_free(s);
}

static void each_layout_has_its_words(void **state)
{
    static const struct {
        mtp_forest_layout layout;
        const char *heterogeneity, *limits, *total, *header;
    } want[] = {
        {MTP_LAYOUT_REVMAN5,
         "Tau\xC2\xB2" NB "=" NB "0.2254; Chi\xC2\xB2" NB "=" NB "126.04, df" NB "=" NB
         "5 (P" NB "<" NB "0.00001); I\xC2\xB2" NB "=" NB "73%",
         "[0.049, 0.091]", "Total (95% CI)", "IV, Random, 95% CI"},
        {MTP_LAYOUT_JAMA,
         "Heterogeneity: \xCF\x87\xC2\xB2" NB "=" NB "126.04, df" NB "=" NB "5 (P" NB
         "<" NB ".001); I\xC2\xB2" NB "=" NB "73%",
         "(0.049-0.091)", "Total", "Proportion (95% CI)"},
        {MTP_LAYOUT_BMJ,
         "Test for heterogeneity: \xCF\x84\xC2\xB2=0.2254; "
         "\xCF\x87\xC2\xB2=126.04, df=5, P<0.001; I\xC2\xB2=73%",
         "(0.049 to 0.091)", "Total (95% CI)", "Proportion (95% CI)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        sample *s = sample_new(&(sample_wish){
            .k = 6, .groups = 2, .measure = MTP_PLO, .layout = want[i].layout});
        char text[4096];
        mtp_forest *forest;
        mtp_scene *scene;
        size_t last;

        assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
        scene = mtp_forest_scene(forest);
        last = forest->n_rows - 2; /* before the prediction interval */
        collect(scene, MTP_MARK_NOTE, text, sizeof text);
        assert_non_null(strstr(text, want[i].heterogeneity));
        assert_string_equal(text_of(scene, last, MTP_MARK_LIMITS), want[i].limits);
        assert_string_equal(text_of(scene, last, MTP_MARK_LABEL), want[i].total);
        collect(scene, MTP_MARK_HEADER, text, sizeof text);
        assert_non_null(strstr(text, want[i].header));
        assert_int_equal(count_marks(scene, MTP_NO_ROW, MTP_MARK_TITLE), 0);
        mtp_scene_free(scene);
        mtp_forest_free(forest);
        sample_free(s);
    }
}

/* P as the journals have it: AMA Manual of Style, 11th edition, 19.4.2; Review Manager
 * prints the first digit down to 0.00001. */
static void p_values_are_those_of_the_journals(void **state)
{
    static const struct {
        double p;
        const char *revman5, *jama, *bmj;
    } want[] = {
        {0.994, "P" NB "=" NB "0.99", "P" NB ">" NB ".99", "P=0.99"},
        {0.256, "P" NB "=" NB "0.26", "P" NB "=" NB ".26", "P=0.26"},
        {0.049, "P" NB "=" NB "0.05", "P" NB "=" NB ".049", "P=0.049"},
        {0.0123, "P" NB "=" NB "0.01", "P" NB "=" NB ".01", "P=0.01"},
        {0.0034, "P" NB "=" NB "0.003", "P" NB "=" NB ".003", "P=0.003"},
        {0.00023, "P" NB "=" NB "0.0002", "P" NB "<" NB ".001", "P<0.001"},
    };
    sample *s = sample_new(&(sample_wish){.k = 6, .measure = MTP_PLO});
    mtp_scene *scene = mtp_scene_new();
    mtp_pooled *pooled = &s->pool.overall;

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        pooled->heterogeneity.p = want[i].p;
        assert_non_null(strstr(
            mtp_forest_heterogeneity_of(scene, MTP_LAYOUT_REVMAN5, pooled, false),
            want[i].revman5));
        assert_non_null(
            strstr(mtp_forest_heterogeneity_of(scene, MTP_LAYOUT_JAMA, pooled, false),
                   want[i].jama));
        assert_non_null(
            strstr(mtp_forest_heterogeneity_of(scene, MTP_LAYOUT_BMJ, pooled, false),
                   want[i].bmj));
    }
    mtp_scene_free(scene);
    sample_free(s);
}

/* A text of the figure says something of prediction; a footer breaks between words. */
static bool speaks_of_prediction(const mtp_scene *scene)
{
    for (size_t i = 0; i < scene->count; i++) {
        const char *text = scene->shape[i].text;

        if (text && strstr(text, "rediction")) {
            return true;
        }
    }
    return false;
}

static void no_words_without_a_prediction_interval(void **state)
{
    (void)state;
    for (int l = 0; l < 2 * MTP_LAYOUT_COUNT; l++) {
        sample *s = sample_new(&(sample_wish){
            .k = 6, .measure = MTP_PLO, .layout = (mtp_forest_layout)(l / 2)});
        mtp_estimate *random = &s->pool.overall.random;
        mtp_forest *forest;
        mtp_scene *scene;

        if (l % 2 == 0) { /* asked for, but there is none, as of one study */
            random->back.pi_lower = random->back.pi_upper = (double)NAN;
        }
        assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
        scene = mtp_forest_scene(forest);
        assert_int_equal(speaks_of_prediction(scene), l % 2);
        mtp_scene_free(scene);
        mtp_forest_free(forest);
        sample_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_estimate_is_said),
        cmocka_unit_test(a_common_effect_stands_alone),
        cmocka_unit_test(notes_and_footer_name_the_methods),
        cmocka_unit_test(each_layout_has_its_words),
        cmocka_unit_test(p_values_are_those_of_the_journals),
        cmocka_unit_test(no_words_without_a_prediction_interval),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
