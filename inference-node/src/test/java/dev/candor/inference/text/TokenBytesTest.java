package dev.candor.inference.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenBytesTest {
    private static Optional<TokenBytes> read(String json) throws IOException {
        return TokenBytes.read(new ObjectMapper().readTree(json.replace('\'', '"')));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void byteLevelTokensMayBePartsOfCharacters() throws IOException {
        TokenBytes tokens = read("{'decoder':{'type':'ByteLevel'},'model':{'vocab':{'a':0,'Ġb':1,'Ã':2,'Ċ':4}},"
                + "'added_tokens':[{'id':3,'content':'<end>','special':true},{'id':5,'content':'<call>','special':false}]}").orElseThrow();
        assertThat(tokens.size()).isEqualTo(6);
        assertThat(tokens.bytes(1)).isEqualTo(utf8(" b"));
        assertThat(tokens.bytes(2)).containsExactly(0xC3);
        assertThat(tokens.bytes(3)).isEmpty();
        assertThat(tokens.bytes(4)).isEqualTo(utf8("\n"));
        assertThat(tokens.bytes(5)).isEqualTo(utf8("<call>"));
        assertThat(tokens.bytes(99)).isEmpty();
        assertThat(tokens.added("<end>")).hasValue(3);
        assertThat(tokens.added("a")).isEmpty();
        assertThat(tokens.firstSpaceVanishes()).isFalse();
    }

    @Test
    void sentencePieceTokensAreTextWithSpacesOrSingleBytes() throws IOException {
        String model = "'model':{'vocab':{'▁the':0,'<0x0A>':1,'<0xE2>':2,'é':3,'<0xZZ>':4}},'added_tokens':[{'id':5,'content':'</s>','special':true}]}";
        TokenBytes tokens = read("{'decoder':{'type':'Sequence','decoders':[{'type':'Replace','pattern':{'String':'▁'},'content':' '},{'type':'ByteFallback'},"
                + "{'type':'Fuse'},{'type':'Strip','content':' ','start':1,'stop':0}]}," + model).orElseThrow();
        assertThat(tokens.bytes(0)).isEqualTo(utf8(" the"));
        assertThat(tokens.bytes(1)).containsExactly('\n');
        assertThat(tokens.bytes(2)).containsExactly(0xE2);
        assertThat(tokens.bytes(3)).isEqualTo(utf8("é"));
        assertThat(tokens.bytes(4)).isEqualTo(utf8("<0xZZ>"));
        assertThat(tokens.bytes(5)).isEmpty();
        assertThat(tokens.firstSpaceVanishes()).isTrue();
        assertThat(read("{'decoder':{'type':'Metaspace','prepend_scheme':'never'}," + model).orElseThrow().firstSpaceVanishes()).isFalse();
    }

    @Test
    void unigramVocabulariesAreLists() throws IOException {
        TokenBytes tokens = read("{'decoder':{'type':'Metaspace'},'model':{'vocab':[['<unk>',0],['▁a',-1.5]]},'added_tokens':[]}").orElseThrow();
        assertThat(tokens.bytes(1)).isEqualTo(utf8(" a"));
    }

    @Test
    void wordPiecesAreNoBytesOfTheirOwn() throws IOException {
        assertThat(read("{'decoder':{'type':'WordPiece'},'model':{'vocab':{'a':0,'##b':1}}}")).isEmpty();
    }

    @Test
    void idsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> read("{'decoder':{'type':'Metaspace'},'model':{'vocab':{'a':-1}}}")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("{'decoder':{'type':'ByteLevel'},'model':{'vocab':{'a':2147483647}}}")).isInstanceOf(IOException.class);
    }
}
