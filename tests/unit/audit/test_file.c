/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an analysis file says, as it is read. Expected values are read off the text. */
#include "metapool/analysis_file.h"
#include "metapool/figure.h"

#include "core/arena.h"
#include "support/test.h"

#define FOLDER METAPOOL_SOURCE_DIR "/datasets/nrm2024/"

static const char text[] =
    "\xEF\xBB\xBFtitle: Nonrelapse mortality\n"
    "source:\n"
    "  doi: 10.1038/s41591-024-03084-6\n"
    "  url:\n"
    "  note: |\n"
    "    Two lines,\n"
    "    this is one.\n"
    "\n"
    "data:\n"
    "  studies: {file: studies.csv}\n"
    "  causes: {file: causes.csv, missing: \"NR,-99\", delimiter: comma}\n"
    "analyses:\n"
    "  figure: {extends: by-entity, command: plot, kind: forest, options: {width: "
    "174}}\n"
    "  cohorts:\n"
    "    template: true\n"
    "    command: pool\n"
    "    options: {measure: PLO, events: deaths, n: patients, nodes: 7}\n"
    "  by-entity:\n"
    "    title: \"Pooled by: entity\"\n"
    "    extends: cohorts\n"
    "    options:\n"
    "      by: entity\n"
    "      nodes: null   # the exact integral\n"
    "      n: patients\n"
    "  product:\n"
    "    extends: cohorts\n"
    "    command: regress\n"
    "    options: {mods: product, ref: [product=Axi-cel, setting=CT], nodes: }\n"
    "  shares: {command: composition, data: causes, options: {category: cause}}\n"
    "  figure-wide: {extends: figure, options: {width: 200}}\n"
    "claims:\n"
    "  - {analysis: by-entity, quantity: overall.k, printed: 52}\n"
    "  - id: estimate\n"
    "    analysis: by-entity\n"
    "    quantity: overall.random.back.estimate\n"
    "    printed: 6.8%\n"
    "    transform: percent\n"
    "    where: Abstract\n"
    "    digits: 2\n"
    "    reason: a test\n"
    "  - {id: p, analysis: product, quantity: \"coefficients[product: Liso-cel].p\",\n"
    "     printed: <.0001, expected: for a test, tolerance: 1e-3, reason: again}\n"
    "  - table: published_pooled.csv\n"
    "    rows: \"analysis = 'by entity' AND level IN ('LBCL', 'MM')\"\n"
    "    analysis: by-{grouping}\n"
    "    id: \"{level} {model}{{}\"\n"
    "    where: \"{analysis}, {p_between_groups_random}\"\n"
    "    claims:\n"
    "      - {quantity: \"groups[{level}].{model}.back.estimate\", column: estimate,\n"
    "         transform: none, digits: 5, reason: slack,\n"
    "         expected: \"{p_between_groups_random}\"}\n"
    "      - {quantity: \"between_groups.random.p\", column: p_between_groups_random,\n"
    "         where: Figure 2, id: \"p {level}\"}\n";

static mtp_analysis_file *load_text(void)
{
    mtp_analysis_file *file = NULL;
    mtp_error err = {0};
    char said[1024];

    if (mtp_analysis_file_parse(FOLDER "test.yaml", text, strlen(text), &file, NULL,
                                &err) != MTP_OK) {
        (void)mtp_error_format(&err, said, sizeof said);
        print_error("%s\n", said);
        fail();
    }
    return file;
}

static void the_head_is_read(void **state)
{
    mtp_analysis_file *file = load_text();

    (void)state;
    assert_string_equal(file->title, "Nonrelapse mortality");
    assert_string_equal(file->path, FOLDER "test.yaml");
    assert_string_equal(file->folder, FOLDER);
    assert_int_equal(strlen(file->sha256), 64);
    assert_string_equal(file->source.doi, "10.1038/s41591-024-03084-6");
    assert_null(file->source.url);
    assert_null(file->source.citation);
    assert_string_equal(file->source.note, "Two lines,\nthis is one.");
    assert_int_equal(file->n_data, 2);
    assert_string_equal(file->data[1].name, "causes");
    assert_string_equal(file->data[1].file, "causes.csv");
    assert_null(file->data[1].sha256);
    assert_int_equal(file->data[1].n_options, 2);
    assert_string_equal(file->data[1].options[0].name, "missing");
    assert_string_equal(file->data[1].options[0].value, "NR,-99");
    assert_int_equal(file->data[1].place.line, 11);
    assert_int_equal(file->data[1].place.column, 3);
    mtp_analysis_file_free(file);
}

static const char *option(const mtp_file_analysis *analysis, const char *name, size_t n)
{
    for (size_t i = 0; i < analysis->n_options; i++) {
        if (strcmp(analysis->options[i].name, name) == 0 && n-- == 0) {
            return analysis->options[i].value;
        }
    }
    return NULL;
}

static void an_analysis_has_what_it_extends(void **state)
{
    mtp_analysis_file *file = load_text();
    const mtp_file_analysis *figure = mtp_analysis_file_find(file, "figure");
    const mtp_file_analysis *entity = mtp_analysis_file_find(file, "by-entity");

    (void)state;
    assert_int_equal(file->n_analyses, 6);
    assert_ptr_equal(figure, &file->analyses[0]);
    assert_true(mtp_analysis_file_find(file, "cohorts")->is_template);
    assert_false(entity->is_template);
    assert_string_equal(entity->title, "Pooled by: entity");
    assert_int_equal(entity->command, MTP_COMMAND_POOL);
    assert_int_equal(entity->kind, -1);
    assert_int_equal(entity->n_options, 4);
    assert_string_equal(option(entity, "measure", 0), "PLO");
    assert_string_equal(option(entity, "by", 0), "entity");
    assert_null(option(entity, "nodes", 0));
    assert_null(figure->title);
    assert_int_equal(figure->command, MTP_COMMAND_FOREST);
    assert_int_equal(figure->kind, MTP_FIGURE_FOREST);
    assert_string_equal(option(figure, "by", 0), "entity");
    assert_string_equal(figure->data->name, "studies");
    figure = mtp_analysis_file_find(file, "figure-wide");
    assert_int_equal(figure->kind, MTP_FIGURE_FOREST);
    assert_string_equal(option(figure, "width", 0), "200");
    assert_null(option(figure, "width", 1));
    assert_null(mtp_analysis_file_find(file, "none"));
    mtp_analysis_file_free(file);
}

static void a_repeatable_option_has_all_its_values(void **state)
{
    mtp_analysis_file *file = load_text();
    const mtp_file_analysis *product = mtp_analysis_file_find(file, "product");

    (void)state;
    assert_int_equal(product->command, MTP_COMMAND_REGRESS);
    assert_string_equal(option(product, "ref", 0), "product=Axi-cel");
    assert_string_equal(option(product, "ref", 1), "setting=CT");
    assert_null(option(product, "nodes", 0));
    assert_string_equal(mtp_analysis_file_find(file, "shares")->data->name, "causes");
    mtp_analysis_file_free(file);
}

static void claims_are_read_one_by_one(void **state)
{
    mtp_analysis_file *file = load_text();
    const mtp_claim *c = file->claims;

    (void)state;
    assert_string_equal(c[0].id, "by-entity overall.k");
    assert_string_equal(c[0].analysis->name, "by-entity");
    assert_string_equal(c[0].printed, "52");
    assert_int_equal(c[0].transform, MTP_TRANSFORM_NONE);
    assert_int_equal(c[0].digits, 0);
    assert_true(isnan(c[0].tolerance));
    assert_null(c[0].where);
    assert_null(c[0].table);
    assert_int_equal(c[0].place.line, 32);
    assert_int_equal(c[0].place.column, 5);
    assert_string_equal(c[1].id, "estimate");
    assert_string_equal(c[1].printed, "6.8%");
    assert_int_equal(c[1].transform, MTP_TRANSFORM_PERCENT);
    assert_string_equal(c[1].where, "Abstract");
    assert_int_equal(c[1].digits, 2);
    assert_string_equal(c[1].reason, "a test");
    assert_string_equal(c[2].printed, "<.0001");
    assert_string_equal(c[2].expected, "for a test");
    assert_close(c[2].tolerance, 1e-3, 0.0, 0.0);
    mtp_analysis_file_free(file);
}

/* published_pooled.csv has four such rows, two of them with a p-value. */
static void a_table_makes_a_claim_of_each_cell_that_is_not_empty(void **state)
{
    mtp_analysis_file *file = load_text();
    const mtp_claim *c = file->claims + 3;

    (void)state;
    assert_int_equal(file->n_claims, 3 + 4 + 2);
    assert_string_equal(c[0].id, "LBCL common{} estimate");
    assert_string_equal(c[0].quantity, "groups[LBCL].common.back.estimate");
    assert_string_equal(c[0].printed, "0.07233895970361391");
    assert_string_equal(c[0].analysis->name, "by-entity");
    assert_string_equal(c[0].where, "by entity,");
    assert_string_equal(c[0].table, "published_pooled.csv");
    assert_int_equal(c[0].row, 3);
    assert_int_equal(c[0].digits, 5);
    assert_string_equal(c[1].quantity, "groups[LBCL].random.back.estimate");
    assert_string_equal(c[4].id, "p LBCL");
    assert_string_equal(c[4].where, "Figure 2");
    assert_string_equal(c[4].printed, "0.025910807562160233");
    assert_null(c[0].expected);
    assert_string_equal(c[1].expected, "0.025910807562160233");
    mtp_analysis_file_free(file);
}

static void transforms_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < MTP_TRANSFORM_COUNT; i++) {
        assert_int_equal(mtp_transform_from_id(mtp_transform_id((mtp_transform)i)), i);
        assert_true(*mtp_transform_label((mtp_transform)i) != '\0');
    }
    assert_int_equal(mtp_transform_from_id("cube"), -1);
}

/* Every allocation fails once: an error and nothing lost, or the file. */
static void memory_may_run_out_anywhere(void **state)
{
    mtp_analysis_file *file = NULL;
    size_t n = 1;

    (void)state;
    while (!file) {
        mtp_error err = {0};
        mtp_status status;

        mtp_arena_fail_after(n++);
        status = mtp_analysis_file_parse(FOLDER "test.yaml", text, strlen(text), &file,
                                         NULL, &err);
        mtp_arena_fail_after(0);
        assert_int_equal(status, file ? MTP_OK : MTP_E_NOMEM);
    }
    assert_true(n > 40);
    mtp_analysis_file_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_is_read),
        cmocka_unit_test(an_analysis_has_what_it_extends),
        cmocka_unit_test(a_repeatable_option_has_all_its_values),
        cmocka_unit_test(claims_are_read_one_by_one),
        cmocka_unit_test(a_table_makes_a_claim_of_each_cell_that_is_not_empty),
        cmocka_unit_test(transforms_have_names),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
