using Actors.Sessions;
using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

public class RecentAnswersTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void when_it_is_full_the_answer_not_asked_for_the_longest_is_dropped()
    {
        var answers = new RecentAnswers(2);
        Keep(answers, "a");
        Keep(answers, "b");
        Assert.NotNull(answers.Find("a", 1, Noon));
        Keep(answers, "c");

        Assert.NotNull(answers.Find("a", 1, Noon));
        Assert.Null(answers.Find("b", 1, Noon));
        Assert.NotNull(answers.Find("c", 1, Noon));
    }

    [Fact]
    public void an_answer_kept_twice_takes_one_place()
    {
        var answers = new RecentAnswers(2);
        Keep(answers, "a");
        Keep(answers, "b");
        Keep(answers, "b");

        Assert.NotNull(answers.Find("a", 1, Noon));
        Assert.NotNull(answers.Find("b", 1, Noon));
    }

    [Fact]
    public void an_answer_is_repeated_with_the_same_tag_and_another_has_another()
    {
        var answers = new RecentAnswers(2);
        Keep(answers, "a");
        Keep(answers, "b");

        var tag = answers.Find("a", 1, Noon)!.Tag;
        Assert.NotNull(tag);
        Assert.Equal(tag, answers.Find("a", 1, Noon)!.Tag);
        Assert.NotEqual(tag, answers.Find("b", 1, Noon)!.Tag);

        Keep(answers, "a");
        Assert.NotEqual(tag, answers.Find("a", 1, Noon)!.Tag);
    }

    [Fact]
    public void an_answer_is_repeated_until_its_end_and_while_the_shared_facts_are_the_same()
    {
        var answers = new RecentAnswers(2);
        Keep(answers, "a", Noon);
        Keep(answers, "b");

        Assert.NotNull(answers.Find("a", 1, Noon.AddTicks(-1)));
        Assert.Null(answers.Find("a", 1, Noon));
        Assert.Null(answers.Find("b", 2, Noon));
    }

    [Fact]
    public void nothing_is_kept_where_the_limit_is_none()
    {
        var answers = new RecentAnswers(0);
        Keep(answers, "a");

        Assert.Null(answers.Find("a", 1, Noon));
    }

    private static void Keep(RecentAnswers answers, string key, DateTimeOffset? validUntil = null) =>
        answers.Keep(key, new RecallAnswer([], Cached: false, []), sharedGeneration: 1, validUntil);
}
