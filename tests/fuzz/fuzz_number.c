/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/number.h"
#include "support/c_number.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Text as a number, and its bytes as a double: what is read is what strtod reads, and
 * what is printed is read back. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition) {
        abort();
    }
}

static void reads_like_strtod(const char *text, size_t size)
{
    double value = -1.0, want;
    char *end, *copy;
    mtp_number_status status = mtp_number_parse(text, size, &value);

    if (status != MTP_NUMBER_OK && status != MTP_NUMBER_OVERFLOW) {
        return;
    }
    text = mtp_number_trim(text, &size);
    copy = malloc(size + 1);
    require(copy != NULL);
    memcpy(copy, text, size);
    copy[size] = '\0';
    if (strstr(copy, "\xE2\x88\x92")) {
        free(copy);
        return; /* U+2212: strtod does not know it */
    }
    want = c_strtod(copy, &end);
    require(*end == '\0' && memcmp(&value, &want, sizeof value) == 0);
    require((isinf(want) != 0) == (status == MTP_NUMBER_OVERFLOW));
    free(copy);
}

static void is_read_back(double value)
{
    char text[MTP_NUMBER_TEXT];
    double back;

    mtp_number_format(value, text);
    require(strlen(text) < sizeof text);
    if (isfinite(value)) {
        require(mtp_number_parse(text, strlen(text), &back) == MTP_NUMBER_OK);
        require(memcmp(&value, &back, sizeof value) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* NUL-free is not promised: the reader takes a length, and must stop there. */
    char *text = malloc(size > 0 ? size : 1);
    double value;

    require(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    reads_like_strtod(text, size);
    if (size >= sizeof value) {
        memcpy(&value, data, sizeof value);
        is_read_back(value);
    }
    free(text);
    return 0;
}
