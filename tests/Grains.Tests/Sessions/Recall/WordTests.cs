using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

public sealed class WordTests
{
    [Fact]
    public void what_is_known_of_a_word_does_not_depend_on_where_it_stands()
    {
        Assert.Equal("boil", Word.Of("boiling").Term);
        Assert.Equal(Word.Of("go").Term, Word.Of("went").Term);
        Assert.True(Word.Of("the") is { IsStop: true, Term: "" });
        Assert.True(Word.Of("june").IsTime && Word.Of("me").IsSelf && Word.Of("you").IsAddressed && Word.Of("2026").IsNumber && Word.Of("seven").IsNumber);
        Assert.True(Word.Of("kettle") is { IsStop: false, IsTime: false, IsSelf: false, IsAddressed: false, IsNumber: false });
    }

    [Fact]
    public void many_threads_with_more_words_than_are_kept_each_get_their_own() => Parallel.For(0, 8, thread =>
    {
        for (var i = 0; i < 40_000; i++)
        {
            var text = $"w{(i * 7) + thread}";
            Assert.Equal(text, Word.Of(text).Text);
        }
    });
}
