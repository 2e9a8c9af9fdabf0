using System.Net.Http.Json;
using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>Collections that two members make together.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class CollectionTests(BrowserPlatform platform)
{
    private static readonly string[] Titles = ["First Song", "Second Song", "Third Song"];

    [Fact]
    public async Task TwoEditors_WhoMoveDifferentSongsAtOnce_LoseNothing_AndSeeTheSameOrder()
    {
        var owner = await Member.RegisterAsync(platform.GatewayUrl);
        var editor = await Member.RegisterAsync(platform.GatewayUrl);
        var id = (string)(await owner.PostAsync("/api/collections", new { title = "Together", visibility = "public" }))["id"]!;
        foreach (var title in Titles)
            await owner.PostAsync($"/api/collections/{id}/items", new { generationId = await owner.MakeSongAsync(title, "public") });
        (await owner.Client.PostAsJsonAsync($"/api/collections/{id}/editors", new { username = editor.Username })).EnsureSuccessStatusCode();
        IPage[] pages = [await platform.OpenAsAsync(owner), await platform.OpenAsAsync(editor)];
        foreach (var page in pages)
            await page.ShowAsync($"/c/{id}");

        await MoveAsync(pages[0], "First Song", "Alt+ArrowDown");
        await ExpectAsync(pages[1], ["Second Song", "First Song", "Third Song"]);
        await Task.WhenAll(MoveAsync(pages[0], "First Song", "Alt+ArrowUp"), MoveAsync(pages[1], "Third Song", "Alt+ArrowUp"));

        await Eventually.TrueAsync(
            async () => (await TitlesAsync(pages[0])).SequenceEqual(await TitlesAsync(pages[1])) && (await TitlesAsync(pages[0])).SequenceEqual(await StoredAsync(owner, id)),
            "both see the order that is stored");
        Assert.Equal(Titles.Order(), (await TitlesAsync(pages[1])).Order());
        foreach (var page in pages)
            await page.Context.CloseAsync();
    }

    private static async Task MoveAsync(IPage page, string title, string keys)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = $"Move {title}" }).FocusAsync();
        await page.Keyboard.PressAsync(keys);
    }

    private static ILocator Links(IPage page) => page.GetByRole(AriaRole.Main).Locator("ol a[href^='/t/']");

    private static Task ExpectAsync(IPage page, string[] titles) => Assertions.Expect(Links(page)).ToHaveTextAsync(titles);

    private static async Task<IReadOnlyList<string>> TitlesAsync(IPage page) => await Links(page).AllInnerTextsAsync();

    private static async Task<IEnumerable<string>> StoredAsync(Member member, string id) =>
        (await member.GetAsync($"/api/collections/{id}"))["items"]!.AsArray().Select(item => (string)item!["track"]!["title"]!);
}
