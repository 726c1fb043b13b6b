package dev.candor.inference.text;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

class TokenizerFuzzTest {
    @FuzzTest
    void vocabularyParserThrowsNothingButIoException(byte[] json) {
        try {
            ByteLevelVocabulary.parse(json);
        } catch (IOException expected) {
            // refused, as it should be
        }
    }
}
