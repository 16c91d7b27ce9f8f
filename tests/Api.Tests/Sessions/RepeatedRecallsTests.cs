using Actors.Sessions;

namespace Actors.Api.Tests.Sessions;

public class RepeatedRecallsTests
{
    private static readonly RecallCall Call = new("ada", RecallRequest.For("tea"), MaxTokens: null);

    [Fact]
    public void when_it_is_full_the_answer_not_asked_for_the_longest_is_dropped()
    {
        var repeated = new RepeatedRecalls(maxBytes: 1_400);
        Keep(repeated, "a", bytes: 100);
        Keep(repeated, "b", bytes: 100);
        Assert.NotNull(repeated.Find("a"));
        Keep(repeated, "c", bytes: 100);

        Assert.NotNull(repeated.Find("a"));
        Assert.Null(repeated.Find("b"));
        Assert.NotNull(repeated.Find("c"));
    }

    [Fact]
    public void a_new_answer_to_a_question_takes_the_place_of_the_old()
    {
        var repeated = new RepeatedRecalls(maxBytes: 1_400);
        for (var i = 0; i < 5; i++)
        {
            Keep(repeated, "a", bytes: 100 + i);
        }

        Keep(repeated, "b", bytes: 100);
        Assert.Equal(104, repeated.Find("a")!.Json.Length);
        Assert.NotNull(repeated.Find("b"));
    }

    [Fact]
    public void what_has_no_room_is_not_kept_and_drops_no_other()
    {
        var repeated = new RepeatedRecalls(maxBytes: 1_400);
        Keep(repeated, "a", bytes: 100);
        Keep(repeated, "b", bytes: 1_401);

        Assert.Null(repeated.Find("b"));
        Assert.NotNull(repeated.Find("a"));
    }

    private static void Keep(RepeatedRecalls repeated, string question, int bytes) => repeated.Keep(question, new RepeatedRecall(Call, new byte[bytes]), repeated.TimesCleared);
}
