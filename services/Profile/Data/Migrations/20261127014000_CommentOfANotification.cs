using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Profile.Data.Migrations
{
    /// <inheritdoc />
    public partial class CommentOfANotification : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "comment_id",
                table: "notifications",
                type: "uuid",
                nullable: true);

            // The text itself stood in the notification, and stayed whatever became of the comment.
            migrationBuilder.Sql(
                """
                UPDATE notifications n SET comment_id = c.id FROM comments c
                WHERE n.kind = 'TrackCommented' AND c.generation_id = n.subject_id AND c.author_id = n.actors[1] AND c.text = n.detail;
                UPDATE notifications SET detail = NULL WHERE kind = 'TrackCommented';
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "comment_id",
                table: "notifications");
        }
    }
}
