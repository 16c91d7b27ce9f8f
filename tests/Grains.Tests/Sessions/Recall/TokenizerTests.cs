using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

public class TokenizerTests
{
    [Theory]
    [InlineData("Hey Mel! Good to see you", "hey mel good to see you")]
    [InlineData("Mel's dog; the dogs' bowls", "mel dog the dogs bowls")]
    [InlineData("don't can\u2019t", "dont cant")]
    [InlineData("Café Ångström ﬁne", "cafe angstrom fine")]
    [InlineData("ＡＢＣ１２", "abc12")]
    [InlineData("v2.0, 3pm-4pm", "v2 0 3pm 4pm")]
    [InlineData("'quoted' it's", "quoted it")]
    [InlineData("...!?", "")]
    [InlineData("", "")]
    [InlineData("𝟘 東京", "0 東京")]
    [InlineData("love tea😀, really", "love tea really")]
    [InlineData("a\uFFFEb é", "a b e")]
    [InlineData("𐐀𐐁 x", "𐐀𐐁 x")]
    [InlineData("Straße Łódź Smørrebrød cœur", "strasse lodz smorrebrod coeur")]
    public void text_is_cut_into_folded_words(string text, string words) => Assert.Equal(words, string.Join(' ', WordsOf(text)));

    [Theory]
    [InlineData("東京大学へ行く", "東京 京大 大学 学へ へ行 行く")]
    [InlineData("茶", "茶")]
    [InlineData("Postgres16へ移行。", "postgres16 へ移 移行")]
    [InlineData("会议3点开始", "会议 3 点开 开始")]
    [InlineData("ガイド", "ガイ イド")]
    [InlineData("ｶﾞｲﾄﾞ", "ガイ イド")]
    [InlineData("회의는 금요일", "회의 의는 금요 요일")]
    [InlineData("𠮷野家", "𠮷野 野家")]
    public void scripts_without_spaces_are_cut_into_pairs(string text, string words) => Assert.Equal(words, string.Join(' ', WordsOf(text)));

    [Fact]
    public void a_word_longer_than_the_limit_is_cut_and_stays_one_word() =>
        Assert.Equal([new string('a', Tokenizer.MaxWordLength), "b"], WordsOf(new string('A', 1_000) + " b"));

    private static List<string> WordsOf(string text)
    {
        var words = new List<string>();
        var tokenizer = new Tokenizer(FoldedText.Of(text), new char[Tokenizer.MaxWordLength]);
        for (var word = tokenizer.Next(); !word.IsEmpty; word = tokenizer.Next())
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
