/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table_test.h"

/* "study,x\nA,1\nB,2.5\n" by gzip.compress(..., mtime=0) of Python 3.11. */
static const unsigned char whole[] = {
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2B, 0x2E, 0x29,
    0x4D, 0xA9, 0xD4, 0xA9, 0xE0, 0x72, 0xD4, 0x31, 0xE4, 0x72, 0xD2, 0x31, 0xD2,
    0x33, 0xE5, 0x02, 0x00, 0x5F, 0x38, 0x3E, 0x07, 0x12, 0x00, 0x00, 0x00,
};

/* The same in three members: "study,x\nA,1\n", "" and "B,2.5\n". */
static const unsigned char members[] = {
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2B, 0x2E, 0x29,
    0x4D, 0xA9, 0xD4, 0xA9, 0xE0, 0x72, 0xD4, 0x31, 0xE4, 0x02, 0x00, 0x40, 0x0A,
    0xA1, 0x55, 0x0C, 0x00, 0x00, 0x00, 0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x02, 0x03, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x73, 0xD2, 0x31,
    0xD2, 0x33, 0xE5, 0x02, 0x00, 0xA9, 0xB8, 0x76, 0xDD, 0x06, 0x00, 0x00, 0x00,
};

static mtp_status parse(const unsigned char *bytes, size_t length, mtp_table **table,
                        mtp_error *err)
{
    *table = NULL;
    *err = (mtp_error){0};
    return mtp_table_parse_csv("t.gz", (const char *)bytes, length, NULL, table, NULL,
                               err);
}

static void assert_table(const mtp_table *table)
{
    assert_int_equal(mtp_table_rows(table), 2);
    assert_string_equal(cell_of(table, "study", 0), "A");
    assert_string_equal(cell_of(table, "study", 1), "B");
    assert_close(column_of(table, "x")->number[0], 1, 0, 0);
    assert_close(column_of(table, "x")->number[1], 2.5, 0, 0);
    assert_int_equal(mtp_table_line(table, 1), 3);
}

static void packed_tables_are_unpacked(void **state)
{
    mtp_table *table;
    mtp_error err;

    (void)state;
    assert_int_equal(parse(whole, sizeof whole, &table, &err), MTP_OK);
    assert_table(table);
    /* of the packed bytes, by Python's hashlib */
    assert_string_equal(mtp_table_sha256(table), "4b3f687eee1bdf263c68dc372cc527c1"
                                                 "7bf00620b3f55af52ca6bf51eddc845c");
    mtp_table_free(table);
    assert_int_equal(parse(members, sizeof members, &table, &err), MTP_OK);
    assert_table(table);
    mtp_table_free(table);
}

static void a_cut_file_is_an_error(void **state)
{
    (void)state;
    for (size_t length = 2; length < sizeof whole; length++) {
        mtp_table *table;
        mtp_error err;

        assert_int_equal(parse(whole, length, &table, &err), MTP_E_SYNTAX);
        assert_null(table);
        assert_string_equal(err.source, "t.gz");
        assert_string_equal(err.message,
                            "the gzip file is cut short: its end is missing");
    }
}

/* The lowest bit of any byte behind the ten of the header (above the data's last bit is
 * padding). */
static void a_damaged_file_is_an_error(void **state)
{
    (void)state;
    for (size_t i = 10; i < sizeof whole; i++) {
        unsigned char damaged[sizeof whole];
        mtp_table *table;
        mtp_error err;

        memcpy(damaged, whole, sizeof whole);
        damaged[i] ^= 0x01;
        assert_int_not_equal(parse(damaged, sizeof damaged, &table, &err), MTP_OK);
        assert_null(table);
        assert_true(err.status == MTP_E_SYNTAX || err.status == MTP_E_DATA);
        assert_string_not_equal(err.message, "");
    }
}

static void what_follows_must_be_packed_too(void **state)
{
    unsigned char longer[sizeof whole + 2];
    mtp_table *table;
    mtp_error err;

    (void)state;
    memcpy(longer, whole, sizeof whole);
    memcpy(longer + sizeof whole, "C,", 2);
    assert_int_equal(parse(longer, sizeof longer, &table, &err), MTP_E_SYNTAX);
    assert_string_equal(err.message,
                        "the gzip file is damaged (incorrect header check)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_tables_are_unpacked),
        cmocka_unit_test(a_cut_file_is_an_error),
        cmocka_unit_test(a_damaged_file_is_an_error),
        cmocka_unit_test(what_follows_must_be_packed_too),
    };

    return cmocka_run_group_tests_name("table.gzip", tests, NULL, NULL);
}
