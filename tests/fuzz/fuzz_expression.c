/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Expressions over a small table: a column or an error. What our grammar lets through
 * and SQLite refuses is a finding, but for its limits on size. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char studies[] = "study,product,deaths,patients,a b,empty\n"
                              "A 2020,Ide-cel,7,269,0.5,\n"
                              "B 2021,Liso-cel,0,100,,\n"
                              "C 2022,,30,172,-2,\n";

static void require(int condition)
{
    if (!condition) {
        abort();
    }
}

static int is_finding(mtp_status status, const mtp_error *err)
{
    static const char sqlite[] = "SQL is refused";

    return status == MTP_E_ARG && strncmp(err->message, sqlite, strlen(sqlite)) == 0 &&
           !strstr(err->message, "too large") && !strstr(err->message, "too many");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *expression = malloc(size + 1);
    mtp_table *table = NULL;
    mtp_values *values = NULL;
    mtp_error err;
    mtp_status status;

    require(expression != NULL);
    if (size > 0) {
        memcpy(expression, data, size);
    }
    expression[size] = '\0';
    require(mtp_table_parse_csv("fuzz", studies, strlen(studies), NULL, &table, NULL,
                                NULL) == MTP_OK);
    status = mtp_table_evaluate(table, expression, &values, &err);
    require((status == MTP_OK) == (values != NULL));
    require(!is_finding(status, &err));
    mtp_values_free(values);
    mtp_table_free(table);
    free(expression);
    return 0;
}
