using Actors.Sessions.Recall;
using Actors.Support;

namespace Actors.Grains.Tests.Sessions.Recall;

public class RelatedWordsTests
{
    private static readonly string[] Lines =
        [.. File.ReadLines(SourceTree.PathOf("Grains/Sessions/Recall/RelatedWords.txt")).Where(line => line is not ['#', ..])];

    [Fact]
    public void every_line_is_a_relation_of_two_words_or_more_and_none_stands_twice()
    {
        Assert.All(Lines, line => Assert.Matches("^[=>]( [a-z]+){2,}$", line));
        Assert.All(Lines, line => Assert.Equal(line[2..].Split(' ').Length, line[2..].Split(' ').Distinct().Count()));
        Assert.Equal(Lines.Length, Lines.Distinct().Count());
    }

    [Fact]
    public void interchangeable_words_find_each_other_and_instances_are_found_one_way()
    {
        Assert.Contains(new RelatedWords.Relation("doctor", true), RelatedWords.Of(Term("physician")));
        Assert.Contains(new RelatedWords.Relation("physician", true), RelatedWords.Of(Term("doctors")));
        Assert.Contains(new RelatedWords.Relation("spain", false), RelatedWords.Of(Term("countries")));
        Assert.DoesNotContain(RelatedWords.Of(Term("Spain")), relation => relation.Term == "countri");
        Assert.Empty(RelatedWords.Of("zxq"));
    }

    [Fact]
    public void no_word_relates_to_itself() =>
        Assert.All(Lines.SelectMany(line => line[2..].Split(' ')).Select(Term).Distinct(), term =>
            Assert.DoesNotContain(RelatedWords.Of(term), relation => relation.Term == term));

    [Theory]
    [InlineData("went", "go")]
    [InlineData("children", "child")]
    [InlineData("bought", "buys")]
    [InlineData("saw", "saws")]
    public void irregular_forms_share_the_term_of_their_base(string form, string other) => Assert.Equal(Term(other), Term(form));

    private static string Term(string word) => Word.Of(word.ToLowerInvariant()).Term;
}
