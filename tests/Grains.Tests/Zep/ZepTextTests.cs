using System.Text.RegularExpressions;
using Actors.Zep;

namespace Actors.Grains.Tests.Zep;

public partial class ZepTextTests
{
    private static readonly string[] Pieces =
        ["tea", "Jon", " ", ". ", "! ", "?\" ", "\n", "。", "é", "e\u0301", "😀", "👩‍👩‍👧", "a.b", ", ", "…", " \t ", "Donaudampfschifffahrtsgesellschaft", "日本", "\ud800"];

    [Fact]
    public void a_text_that_fits_is_one_part()
    {
        Assert.Equal(["Tea. Coffee."], ZepText.Split("  Tea. Coffee.\n", 20));
        Assert.Empty(ZepText.Split(" \n "));
        Assert.Equal("Tea.", ZepText.Truncate(" Tea. ", 4));
    }

    [Fact]
    public void a_long_text_is_taken_apart_at_ends_of_sentences()
    {
        Assert.Equal(["Jon drinks tea.", "Ann drinks coffee!", "\"Nobody drinks?\"", "Right."], ZepText.Split("Jon drinks tea. Ann drinks coffee! \"Nobody drinks?\" Right.", 20));
        Assert.Equal(["お茶が好き。", "珈琲は嫌い。"], ZepText.Split("お茶が好き。珈琲は嫌い。", 7));
        Assert.Equal(["- tea", "- coffee, black", "- milk"], ZepText.Split("- tea\n- coffee, black\n- milk", 16));
    }

    [Fact]
    public void a_long_sentence_is_taken_apart_between_words_and_a_long_word_within()
    {
        Assert.Equal(["Version 1.2", "of the", "thing"], ZepText.Split("Version 1.2 of the thing", 11));
        Assert.Equal(["abc", "def", "g"], ZepText.Split("abcdefg", 3));
        Assert.Equal(["a😀", "😀😀", "😀"], ZepText.Split("a😀😀😀😀", 4));
    }

    [Fact]
    public void what_is_cut_off_leaves_a_marker()
    {
        Assert.Equal("Jon drinks tea. …", ZepText.Truncate("Jon drinks tea. Ann drinks coffee.", 20));
        Assert.Equal("Jon drinks …", ZepText.Truncate("Jon drinks coffee with milk.", 15));
        Assert.Equal("😀😀 …", ZepText.Truncate("😀😀😀😀", 7));
    }

    [Fact]
    public void nothing_but_white_space_is_lost_and_no_part_is_too_long_or_empty()
    {
        var random = new Random(20_261_126);
        for (var i = 0; i < 3_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(0, 80)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            var limit = random.Next(2, 60);

            var parts = ZepText.Split(text, limit);

            Assert.Equal(White().Replace(text, ""), White().Replace(string.Concat(parts), ""));
            Assert.All(parts, part => Assert.True(part.Length > 0 && part.Length <= limit && part == part.Trim(), $"'{part}' of '{text}' at {limit}"));
            Assert.All(parts.SkipLast(1), part => Assert.False(char.IsHighSurrogate(part[^1]) && IsPair(text, part), $"'{part}' of '{text}' at {limit}"));
        }
    }

    [Fact]
    public void a_shortened_text_begins_like_the_whole_one_and_says_that_it_is_shortened()
    {
        var random = new Random(8);
        for (var i = 0; i < 3_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 80)).Select(_ => Pieces[random.Next(Pieces.Length)])).Trim();
            var limit = random.Next(5, 60);

            var shortened = ZepText.Truncate(text, limit);

            Assert.True(shortened.Length <= limit);
            Assert.True(shortened == text ? text.Length <= limit : text.StartsWith(shortened[..^ZepText.Marker.Length], StringComparison.Ordinal) && shortened.EndsWith(ZepText.Marker, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("preference", "PREFERENCE")]
    [InlineData("work hours", "WORK_HOURS")]
    [InlineData("Größe (cm)", "GRO_E_CM")]
    [InlineData("café", "CAFE")]
    [InlineData("2nd address", "FACT_2ND_ADDRESS")]
    [InlineData("好み", "FACT")]
    [InlineData("--a--b--", "A_B")]
    public void a_facts_type_becomes_the_name_of_an_edge(string type, string name) => Assert.Equal(name, ZepText.FactName(type));

    [Fact]
    public void names_keep_their_limits_and_stay_apart()
    {
        Assert.Equal(new string('A', ZepLimits.FactNameLength), ZepText.FactName(new string('a', 80)));
        Assert.Equal("user 1", ZepText.NodeName(" user 1 "));
        var (one, other) = (ZepText.NodeName(new string('x', 80) + "1"), ZepText.NodeName(new string('x', 80) + "2"));
        Assert.NotEqual(one, other);
        Assert.Equal((ZepLimits.NodeNameLength, ZepLimits.NodeNameLength), (one.Length, other.Length));
    }

    [Fact]
    public void a_question_is_cut_between_words()
    {
        Assert.Equal("What does Jon drink?", ZepText.Query(" What does Jon drink? "));
        Assert.Equal(new string('w', 390), ZepText.Query($"{new string('w', 390)} {new string('v', 20)}"));
        Assert.Equal(ZepLimits.QueryLength, ZepText.Query(new string('w', 500)).Length);
    }

    // A lone half of a pair may stand at the end; a half whose other half follows in the text may not.
    private static bool IsPair(string text, string part)
    {
        var at = text.IndexOf(part, StringComparison.Ordinal) + part.Length;
        return at < text.Length && char.IsLowSurrogate(text[at]);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex White();
}
