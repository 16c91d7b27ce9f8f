using Actors.Facts;

namespace Actors.Grains.Tests.Facts;

/// <summary>Which sentences about one subject say the same.</summary>
public class NormalTextTests
{
    [Theory]
    [InlineData("Prefers tea.", "prefers TEA")]
    [InlineData("Prefers the tea", "Really prefers tea!")]
    [InlineData("Likes long walks.", "Like a long walk")]
    [InlineData("Doesn't eat meat.", "Doesnt eat the meat")]
    [InlineData("Prefers quiet window seats on long flights.", "Prefers quiet window seats on long international flights.")]
    [InlineData("Wohnt in Köln.", "wohnt in Koln")]
    public void these_say_the_same(string one, string other)
    {
        Assert.True(NormalText.SaysTheSame(one, other));
        Assert.True(NormalText.SaysTheSame(other, one));
    }

    [Theory]
    [InlineData("Prefers tea.", "Prefers coffee.")]
    [InlineData("Prefers tea to coffee.", "Prefers coffee to tea.")]
    [InlineData("Likes tea.", "Does not like tea.")]
    [InlineData("Likes the tea they have at work in winter.", "Never likes the tea they have at work in winter.")]
    [InlineData("Is free before 9.", "Is free after 9.")]
    [InlineData("Works 9 to 17.", "Works 10 to 17.")]
    [InlineData("Prefers quiet window seats on long flights.", "Prefers quiet window seats on 12 long flights.")]
    [InlineData("Prefers green tea.", "Prefers green tea Mondays.")]
    [InlineData("Is a vegetarian.", "Was a vegetarian.")]
    [InlineData("🙂", "😡")]
    [InlineData("the", "a")]
    public void these_do_not(string one, string other)
    {
        Assert.False(NormalText.SaysTheSame(one, other));
        Assert.False(NormalText.SaysTheSame(other, one));
    }

    [Fact]
    public void case_punctuation_accents_and_white_space_make_no_difference_to_the_words()
    {
        Assert.Equal("ada wohnt in koln", NormalText.Of("  Ada wohnt — in\n\"Köln\"!"));
        Assert.Equal(NormalText.HashOf("Ada wohnt in Köln."), NormalText.HashOf("ada WOHNT in koln"));
    }
}
