/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Stands in for libFuzzer: feed each file that is named once to the target. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes of a file, in an allocation of that size: one byte too far is seen. */
static uint8_t *read_all(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    long length = -1;

    if (file && fseek(file, 0, SEEK_END) == 0) {
        length = ftell(file);
    }
    if (length >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        *size = (size_t)length;
        bytes = malloc(*size > 0 ? *size : 1);
    }
    if (bytes && fread(bytes, 1, *size, file) != *size) {
        free(bytes);
        bytes = NULL;
    }
    if (file) {
        (void)fclose(file);
    }
    return bytes;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        size_t size = 0;
        uint8_t *bytes = read_all(argv[i], &size);

        if (!bytes) {
            (void)fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return 2;
        }
        (void)printf("%s\n", argv[i]); /* the last one named is the one that failed */
        (void)fflush(stdout);
        (void)LLVMFuzzerTestOneInput(bytes, size);
        free(bytes);
    }
    return argc > 1 ? 0 : 2;
}
