//! An installation of PostgreSQL with an extension folder of its own.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::programs::{installed, private_folder};

/// A copy of the installed server's program, in a tree that is like the installed one; everything in it is a link but the
/// files of bat_partners. PostgreSQL finds its files from where its program is. Removed when dropped.
pub struct Tree {
    folder: PathBuf,
}

impl Tree {
    /// A tree with the control file and the schema of the version that is installed.
    pub fn new() -> Tree {
        let tree = Tree { folder: private_folder("tree") };
        let program = installed("--bindir").join("postgres");
        fs::create_dir_all(tree.inside("--bindir")).unwrap();
        fs::copy(program, tree.postgres()).unwrap();
        // Some servers have their shared libraries beside that folder, and find them from where their program is.
        let beside = |folder: PathBuf| folder.parent().unwrap().to_owned();
        link_all(&beside(installed("--pkglibdir")), &beside(tree.inside("--pkglibdir")), |name| {
            name != "bin"
        });
        link_all(&installed("--sharedir"), &tree.inside("--sharedir"), |name| name != "extension");
        let ours = |name: &str| name.starts_with("bat_partners");
        link_all(&installed_extensions(), &tree.extensions(), |name| !ours(name));
        for name in ["bat_partners.control".to_owned(), format!("bat_partners--{}.sql", super::CURRENT)] {
            let original = installed_extensions().join(&name);
            symlink(&original, tree.extensions().join(name)).unwrap();
        }
        tree
    }

    /// The server's program.
    pub fn postgres(&self) -> PathBuf {
        self.inside("--bindir").join("postgres")
    }

    /// Puts a script of the extension into its folder: `from--to`, or a version's own.
    pub fn write(&self, versions: &str, script: &str) {
        fs::write(self.extensions().join(format!("bat_partners--{versions}.sql")), script).unwrap();
    }

    fn extensions(&self) -> PathBuf {
        self.inside("--sharedir").join("extension")
    }

    /// The folder in this tree that stands for one of the installation.
    fn inside(&self, folder: &str) -> PathBuf {
        self.folder.join(installed(folder).strip_prefix("/").unwrap())
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn installed_extensions() -> PathBuf {
    installed("--sharedir").join("extension")
}

/// A folder with links to the entries of another one.
fn link_all(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_str().is_some_and(&wanted) {
            symlink(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}
