using System.Text;
using Actors.Facts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Api.Tests.Facts;

public class FactErrorTests
{
    private static readonly Guid Current = new("01a1fe80-5a42-7f0e-8b1d-6c2e94d3b7f1");

    [Fact]
    public async Task what_a_fact_conflicts_with_is_named_when_there_is_such_a_fact()
    {
        Assert.Equal((409, $"\"code\":\"fact_superseded\",\"detail\":\"It was changed.\",*,\"current_fact_id\":\"{Current}\"}}"), await AnswerToAsync(new FactSupersededException(Current, "It was changed.")));
        Assert.Equal((409, "\"code\":\"fact_superseded\",\"detail\":\"It ended.\",*}"), await AnswerToAsync(new FactSupersededException(null, "It ended.")));
        Assert.Equal((409, $"\"code\":\"fact_key_taken\",\"detail\":\"It is held.\",*,\"current_fact_id\":\"{Current}\"}}"), await AnswerToAsync(new FactKeyTakenException(Current, "It is held.")));
    }

    [Fact]
    public async Task a_broken_rule_is_422_with_its_code() => Assert.Equal(
        (422, "\"code\":\"valid_from_not_before_valid_to\",\"detail\":\"It would be empty.\",*}"),
        await AnswerToAsync(new FactRefusedException("valid_from_not_before_valid_to", "It would be empty.")));

    [Fact]
    public async Task a_fact_the_subject_does_not_have_looks_like_any_that_is_missing() => Assert.Equal(
        await AnswerToAsync(new NotFoundException("There is no such fact.")), await AnswerToAsync(new FactNotFoundException()));

    // From the code on, without the hint, which is for people.
    private static async Task<(int Status, string Body)> AnswerToAsync(Exception exception)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await new Errors(NullLogger<Errors>.Instance).TryHandleAsync(context, exception, TestContext.Current.CancellationToken);
        var text = Encoding.UTF8.GetString(body.ToArray());
        return (context.Response.StatusCode, System.Text.RegularExpressions.Regex.Replace(text[text.IndexOf("\"code\"", StringComparison.Ordinal)..], "\"hint\":\"[^\"]+\"", "*"));
    }
}
