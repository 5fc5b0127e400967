/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are refused, with the place and the words of what is said. Places are
 * counted by hand in the text beside them. */
#include "metapool/analysis_file.h"

#include "support/test.h"

#include <stdlib.h>

#define FOLDER METAPOOL_SOURCE_DIR "/datasets/nrm2024/"

#define HEAD                                                                           \
    "title: T\n"                                                                       \
    "data:\n"                                                                          \
    "  studies: {file: studies.csv}\n"
#define POOL                                                                           \
    HEAD "analyses:\n"                                                                 \
         "  all: {command: pool, options: {measure: PLO, events: deaths, n: "          \
         "patients}}\n"
#define CLAIM(text) POOL "claims:\n  - {" text "}\n"
#define TABLE(text) POOL "claims:\n  - {table: published_pooled.csv, " text "}\n"
#define ENTRY       "claims: [{column: k, quantity: overall.k}]"

static const struct {
    const char *yaml;
    size_t line, position;
    const char *message; /* what it says, or begins with */
} cases[] = {
    /* What is not YAML, or not what is read of it. */
    {"", 1, 1, "the file is empty"},
    {"# nothing\n", 1, 1, "the file is empty"},
    {"title: a: b\n", 1, 9, "this is not YAML: mapping values are not allowed"},
    {"title: T\n\tdata: x\n", 2, 1, "this is not YAML: found a tab character that"},
    {"title: [a\n", 2, 1, "this is not YAML: did not find expected ',' or ']'"},
    {"title: \"a\n", 2, 1, "this is not YAML: found unexpected end of stream"},
    {"title: \xFF\n", 1, 8, "this is not YAML: invalid leading UTF-8 octet"},
    {"title: T\nnote: \xC3\xA9 \x01\n", 2, 9, "this is not YAML: control characters"},
    {"title: \"a\\0b\"\n", 1, 8, "a text holds the character NUL"},
    {"title: &a T\n", 1, 8, "anchors (&) are not read; an analysis takes over another"},
    {"title: *a\n", 1, 8, "aliases (*) are not read"},
    {"title: !!str T\n", 1, 8, "tags (!) are not read"},
    {"title: T\n---\ntitle: U\n", 2, 1, "a second document begins"},
    {"? [a]\n: b\n", 1, 3, "a key is a text"},
    {"a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: {m: {n: {o: {p: "
     "{}}}}}}}}}}}}}}}}}}",
     1, 64, "the file is nested more than 16 deep"},

    /* Keys */
    {"title: T\ndata: {}\ntitle: U\n", 3, 1,
     "the key 'title' is given twice; line 1 has it already"},
    {POOL "claim: []\n", 6, 1,
     "an analysis file has no key 'claim'; did you mean "
     "'claims'?"},
    {POOL "x: []\n", 6, 1,
     "an analysis file has no key 'x'; there are title, source, "
     "data, analyses, claims"},
    {POOL "<<: {}\n", 6, 1, "an analysis file has no key '<<'"},
    {"- title\n", 1, 1,
     "an analysis file is a mapping (lines of key: value), not a "
     "sequence"},
    {"data: {a: {file: a.csv}}\nanalyses: {a: {command: pool}}\n", 1, 1,
     "an analysis file lacks 'title'"},
    {"title:\ndata: {a: {file: a.csv}}\nanalyses: {a: {command: pool}}\n", 1, 1,
     "an analysis file lacks 'title'"},
    {"title: ' '\ndata: {a: {file: a.csv}}\nanalyses: {a: {command: pool}}\n", 1, 8,
     "'title' is empty"},
    {"title: [T]\ndata: {a: {file: a.csv}}\nanalyses: {a: {command: pool}}\n", 1, 8,
     "'title' is a text, not a sequence"},
    {"title: T\n", 1, 1, "an analysis file lacks 'data'"},
    {HEAD, 1, 1, "an analysis file lacks 'analyses'"},
    {POOL "source: {author: A}\n", 6, 10, "'source' has no key 'author'; there are "},

    /* Tables */
    {"title: T\ndata: {}\nanalyses: {a: {command: pool}}\n", 2, 7,
     "'data' has no table"},
    {"title: T\ndata: [a]\nanalyses: {a: {command: pool}}\n", 2, 7,
     "'data' is a mapping (lines of key: value), not a sequence"},
    {"title: T\ndata: {a: a.csv}\nanalyses: {a: {command: pool}}\n", 2, 11,
     "a table of 'data' is a mapping (lines of key: value), not a text"},
    {"title: T\ndata: {a: {fil: a.csv}}\nanalyses: {a: {command: pool}}\n", 2, 12,
     "a table of 'data' has no key 'fil'; did you mean 'file'?"},
    {"title: T\ndata: {a: {file: /a.csv}}\nanalyses: {a: {command: pool}}\n", 2, 18,
     "/a.csv: a file is named from the folder of the analysis file"},
    {"title: T\ndata: {a: {file: b/../../a.csv}}\nanalyses: {a: {command: pool}}\n", 2,
     18, "b/../../a.csv: '..' leaves the folder of the analysis file"},
    {"title: T\ndata: {a: {file: '-'}}\nanalyses: {a: {command: pool}}\n", 2, 18,
     "-: a table is a file, not the standard input"},
    {"title: T\ndata: {a: {file: a.csv, sha256: 12}}\nanalyses: {a: {command: pool}}\n",
     2, 33, "'sha256' is 64 hexadecimal digits"},
    {"title: T\ndata: {a: {file: a.csv, delimiter: dot}}\n"
     "analyses: {a: {command: pool}}\n",
     2, 36, "--delimiter dot: not known; give comma, semicolon or tab"},

    /* Analyses */
    {HEAD "analyses: {}\n", 4, 11, "'analyses' has no analysis"},
    {HEAD "analyses: {'a b': {command: pool}}\n", 4, 12,
     "'a b' cannot name an analysis: up to 100 of A-Z"},
    {HEAD "analyses: {../a: {command: pool}}\n", 4, 12,
     "'../a' cannot name an analysis"},
    {HEAD "analyses: {.a: {command: pool}}\n", 4, 12, "'.a' cannot name an analysis"},
    {HEAD "analyses: {Index: {command: pool}}\n", 4, 12,
     "no analysis is called index: index.html is the page"},
    {HEAD "analyses: {a: {command: pool}, A: {command: pool}}\n", 4, 32,
     "the names 'a' and 'A' differ in case alone"},
    {HEAD "analyses: {a: {command: pol}}\n", 4, 25,
     "unknown command 'pol'; did you mean 'pool'?"},
    {HEAD "analyses: {a: {command: xyz}}\n", 4, 25,
     "unknown command 'xyz'; there are effects, pool,"},
    {HEAD "analyses: {a: {title: A}}\n", 4, 12,
     "analysis 'a' lacks 'command' (one that is only to be extended says template"},
    {HEAD "analyses: {a: {command: plot}}\n", 4, 12,
     "analysis 'a' lacks 'kind', the kind of plot"},
    {HEAD "analyses: {a: {command: plot, kind: forrest}}\n", 4, 37,
     "unknown kind of plot 'forrest'; did you mean 'forest'?"},
    {HEAD "analyses: {a: {command: pool, kind: forest}}\n", 4, 37,
     "'kind' goes with command: plot"},
    {HEAD "analyses: {a: {command: pool, template: yes}}\n", 4, 41,
     "'template' is true or false, not a text"},
    {HEAD "analyses: {a: {command: pool, data: studie}}\n", 4, 37,
     "'data' has no table 'studie'; did you mean 'studies'?"},
    {HEAD "analyses: {a: {extends: b}}\n", 4, 25, "there is no analysis 'b' to extend"},
    {HEAD "analyses: {a: {extends: b}, b: {extends: c}, c: {extends: b}}\n", 4, 25,
     "analysis 'a' extends itself, by 'b'"},
    {HEAD "analyses: {a: {extends: a, command: pool}}\n", 4, 25,
     "analysis 'a' extends itself, by 'a'"},

    /* Options */
    {HEAD "analyses: {a: {command: pool, options: {tua2: DL}}}\n", 4, 41,
     "analysis 'a': this command has no option --tua2; did you mean --tau2?"},
    {HEAD "analyses: {a: {command: pool, options: {tau2: DLL}}}\n", 4, 47,
     "analysis 'a': --tau2 DLL: not known; give REML"},
    {HEAD "analyses: {a: {command: pool, options: {level: 101}}}\n", 4, 48,
     "analysis 'a': --level 101: out of range"},
    {HEAD "analyses: {a: {command: pool, options: {keep00: yes}}}\n", 4, 49,
     "analysis 'a': --keep00 yes: give true or false"},
    {HEAD "analyses: {a: {command: pool, options: {mods: x}}}\n", 4, 41,
     "analysis 'a': this command has no option --mods"},
    {HEAD "analyses: {a: {command: pool, options: {by: [a, b]}}}\n", 4, 45,
     "the option 'by' takes one value, not a sequence"},
    {HEAD "analyses: {a: {command: pool, options: {by: {a: b}}}}\n", 4, 45,
     "the option 'by' takes a text, not a mapping"},
    {HEAD "analyses: {a: {command: pool, options: {tua2: null}}}\n", 4, 41,
     "analysis 'a': no command has an option --tua2; did you mean 'tau2'?"},
    {HEAD "analyses: {a: {template: true, options: {tua2: DL}}, b: {command: pool}}\n",
     4, 42, "analysis 'a': no command has an option --tua2; did you mean 'tau2'?"},
    {HEAD "analyses: {a: {command: pool, options: {output: x}}}\n", 4, 41,
     "analysis 'a': --output is not for analysis files: files are named after"},
    {HEAD "analyses: {a: {command: pool, options: {format: json}}}\n", 4, 41,
     "analysis 'a': --format is not for analysis files: every format is written"},
    {HEAD "analyses: {a: {command: plot, kind: forest, options: {format: text}}}\n", 4,
     63, "analysis 'a': a plot has svg, pdf, png, csv and json"},
    {HEAD "analyses:\n  a: {command: pool, options: {by: x}}\n"
          "  b: {extends: a, command: plot, kind: funnel}\n",
     6, 16,
     "analysis 'b' has the option of line 5: this command has no option --by; 'by: "
     "null' "
     "among its options takes it back"},

    /* Claims */
    {POOL "claims: {a: b}\n", 6, 9,
     "'claims' is a sequence (lines that begin with -), "
     "not a mapping"},
    {POOL "claims: [a]\n", 6, 10, "a claim is a mapping"},
    {CLAIM("analysis: all, quantity: overall.k"), 7, 5, "a claim lacks 'printed'"},
    {CLAIM("analysis: all, quantity: overall.k, printed: 52, prited: 1"), 7, 55,
     "a claim has no key 'prited'; did you mean 'printed'?"},
    {CLAIM("analysis: al, quantity: overall.k, printed: 52"), 7, 16,
     "there is no analysis 'al'; did you mean 'all'?"},
    {HEAD "analyses: {a: {template: true}, b: {command: pool}}\n"
          "claims: [{analysis: a, quantity: k, printed: 1}]\n",
     5, 21, "analysis 'a' is a template, which is not run"},
    {CLAIM("analysis: all, quantity: overall..k, printed: 52"), 7, 31,
     "'overall..k' is no path: a key is missing at character 9"},
    {CLAIM("analysis: all, quantity: 'groups[MM', printed: 52"), 7, 31,
     "'groups[MM' is no path: a bracket without end at character 7"},
    {CLAIM("analysis: all, quantity: k, printed: 52, transform: sine"), 7, 58,
     "unknown transform 'sine'"},
    {CLAIM("analysis: all, quantity: k, printed: 52, digits: 0, reason: r"), 7, 55,
     "'digits' is a whole number from 1 to 17, not '0'"},
    {CLAIM("analysis: all, quantity: k, printed: 52, tolerance: -1, reason: r"), 7, 58,
     "'tolerance' is a positive number, not '-1'"},
    {CLAIM("analysis: all, quantity: k, printed: 52, digits: 2"), 7, 55,
     "'digits' needs a 'reason'"},
    {CLAIM("analysis: all, quantity: k, printed: 52, reason: r"), 7, 55,
     "'reason' goes with 'digits' or 'tolerance'"},
    {CLAIM(
         "analysis: all, quantity: k, printed: 5, digits: 2, tolerance: 1, reason: r"),
     7, 68, "a claim is judged by 'digits' or by 'tolerance', not by both"},
    {POOL "claims:\n  - {analysis: all, quantity: k, printed: 1}\n"
          "  - {analysis: all, quantity: k, printed: 2}\n",
     8, 5, "two claims have the id 'all k'; the other one is that of line 7"},

    /* Tables of claims */
    {TABLE("analysis: all"), 7, 5, "a table of claims lacks 'claims'"},
    {TABLE("analysis: al, rows: row = 1, " ENTRY), 7, 55,
     "'rows': in \"row = 1\": there is no column"},
    {TABLE("analysis: all, claims: []"), 7, 58, "'claims' is empty"},
    {TABLE("analysis: all, claims: [{column: kk, quantity: overall.k}]"), 7, 68,
     "published_pooled.csv has no column 'kk'; did you mean 'k'?"},
    {TABLE("analysis: all, claims: [{column: k, quantity: 'groups[{levl}].k'}]"), 7, 81,
     "published_pooled.csv has no column 'levl'; did you mean 'level'?"},
    {TABLE("analysis: all, claims: [{column: k, quantity: 'groups[{level].k'}]"), 7, 81,
     "'{' begins the name of a column, which no '}' ends"},
    {TABLE("claims: [{column: k, quantity: overall.k}]"), 7, 44,
     "neither this entry nor its table of claims names an 'analysis'"},
    {TABLE("analysis: all, rows: \"k = 99\", " ENTRY), 7, 56,
     "'rows' keeps no row of published_pooled.csv"},
    {TABLE("analysis: '{grouping}', rows: k = 31, " ENTRY), 7, 45,
     "there is no analysis 'entity'"},
    {TABLE("analysis: all, id: a, " ENTRY), 7, 66, "two claims have the id 'a k'"},
    {TABLE("analysis: all, id: a, sha256: "
           "0000000000000000000000000000000000000000000000000000000000000000, " ENTRY),
     7, 65, "published_pooled.csv has the SHA-256 "},
    {TABLE("analysis: '{grouping}', " ENTRY), 7, 68,
     "row 1 of published_pooled.csv gives no analysis"},
    {TABLE("analysis: all, rows: \"k = 52\", claims: [{column: "
           "p_between_groups_random, quantity: overall.k}]"),
     7, 84, "column 'p_between_groups_random' is empty in every row that is kept"},
    {POOL "claims:\n  - {table: no.csv, analysis: all, " ENTRY "}\n", 7, 13,
     "'table': no.csv: there is no such file"},
    {POOL "claims:\n  - {table: ../no.csv, analysis: all, " ENTRY "}\n", 7, 13,
     "../no.csv: '..' leaves the folder"},
};

enum { CASES = sizeof cases / sizeof *cases };

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void each_is_told_with_its_place(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        mtp_analysis_file *file = NULL;
        mtp_error err = {0};
        mtp_status status =
            mtp_analysis_file_parse(FOLDER "test.yaml", cases[i].yaml,
                                    strlen(cases[i].yaml), &file, NULL, &err);

        if (status == MTP_OK || file || err.line != cases[i].line ||
            err.position != cases[i].position ||
            !begins(err.message, cases[i].message)) {
            print_error("%s\n-> %zu:%zu: %s\nnot %zu:%zu: %s\n\n", cases[i].yaml,
                        err.line, err.position, err.message, cases[i].line,
                        cases[i].position, cases[i].message);
            wrong++;
        }
        mtp_analysis_file_free(file);
    }
    assert_int_equal(wrong, 0);
}

/* One run shows all that is wrong. */
static void several_problems_are_told_together(void **state)
{
    static const char yaml[] = "titel: T\n"
                               "data: {a: {file: /a.csv}}\n"
                               "analyses:\n"
                               "  a: {command: pool, options: {tau2: X, by: [a]}}\n"
                               "  b: {command: pol}\n"
                               "claims:\n"
                               "  - {analysis: c, quantity: k}\n";
    static const size_t line[] = {1, 2, 4, 4, 5, 7, 7};
    mtp_problems problems = {0};
    mtp_analysis_file *file = NULL;
    mtp_error err;
    char said[1024];

    (void)state;
    assert_int_equal(
        mtp_analysis_file_parse("a.yaml", yaml, strlen(yaml), &file, &problems, &err),
        MTP_E_DATA);
    assert_int_equal(problems.count, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(problems.item[i].line, line[i]);
    }
    (void)mtp_error_format(&err, said, sizeof said);
    assert_string_equal(said,
                        "a.yaml:1:1: an analysis file has no key 'titel'; did you "
                        "mean 'title'?");
}

/* A text of `times` parts between a beginning and an end. */
static char *repeated(const char *begin, const char *part, size_t times,
                      const char *end)
{
    size_t a = strlen(begin), n = strlen(part), b = strlen(end);
    char *text = malloc(a + n * times + b + 1);

    assert_non_null(text);
    memcpy(text, begin, a);
    for (size_t i = 0; i < times; i++) {
        memcpy(text + a + i * n, part, n);
    }
    memcpy(text + a + n * times, end, b + 1);
    return text;
}

static void check_limit(const char *begin, const char *part, size_t times,
                        const char *message)
{
    char *text = repeated(begin, part, times, "");
    mtp_analysis_file *file = NULL;
    mtp_error err = {0};

    assert_int_equal(
        mtp_analysis_file_parse("a.yaml", text, strlen(text), &file, NULL, &err),
        MTP_E_DATA);
    assert_true(begins(err.message, message));
    free(text);
}

static void what_is_too_large_is_refused(void **state)
{
    (void)state;
    check_limit("title: ", "a", 4U << 20U, "the file is larger than 4 MiB");
    check_limit("title:\n", "- a\n", 200001, "the file has more than 200,000 values");
    check_limit("", "[", 100000, "the file is nested more than 16 deep");
}

/* Analyses that extend one another in a long row, the last one first. */
static void a_long_row_of_analyses_is_resolved(void **state)
{
    enum { LENGTH = 1000, ROOM = 64 };
    char *text = malloc(ROOM * (LENGTH + 4));
    size_t n;
    mtp_analysis_file *file = NULL;

    (void)state;
    assert_non_null(text);
    n = (size_t)sprintf(text, "%sanalyses:\n", HEAD);
    for (int i = LENGTH - 1; i > 0; i--) {
        n += (size_t)sprintf(text + n, "  a%d: {extends: a%d}\n", i, i - 1);
    }
    n += (size_t)sprintf(text + n, "  a0: {command: pool, options: {measure: PLO}}\n");
    assert_int_equal(mtp_analysis_file_parse("a.yaml", text, n, &file, NULL, NULL),
                     MTP_OK);
    assert_string_equal(file->analyses[0].name, "a999");
    assert_int_equal(file->analyses[0].command, MTP_COMMAND_POOL);
    assert_int_equal(file->analyses[0].n_options, 1);
    mtp_analysis_file_free(file);
    free(text);
}

static void a_file_that_is_not_there_is_told(void **state)
{
    mtp_problems problems = {0};
    mtp_analysis_file *file = NULL;
    mtp_error err;

    (void)state;
    assert_int_equal(mtp_analysis_file_read("no/such.yaml", &file, &problems, &err),
                     MTP_E_DATA);
    assert_string_equal(err.source, "no/such.yaml");
    assert_string_equal(err.message, "there is no such file");
    assert_int_equal(problems.count, 1);
    assert_int_equal(mtp_analysis_file_read(METAPOOL_SOURCE_DIR, &file, NULL, &err),
                     MTP_E_DATA);
    assert_true(begins(err.message, "this is a folder"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_told_with_its_place),
        cmocka_unit_test(several_problems_are_told_together),
        cmocka_unit_test(what_is_too_large_is_refused),
        cmocka_unit_test(a_long_row_of_analyses_is_resolved),
        cmocka_unit_test(a_file_that_is_not_there_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
